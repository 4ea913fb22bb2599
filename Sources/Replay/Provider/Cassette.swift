import JSON
import Locks
import ProviderKit
import Redaction
import SessionLog
import Timestamps

/// The log that answers are recorded in: an event log like that of a session, so that everything that reads those reads it, too. A call is
/// in it when it is over, all of its records at once: what a crash leaves is whole calls and perhaps a line without an end. Several
/// providers may record in one.
final class Cassette: Sendable {
    private struct State {
        /// The events of calls that are under way.
        var pending: [String: [SessionEvent]] = [:]
        /// Exchanges that belong to no call.
        var unowned: [SessionEvent] = []
        var writer: SessionLogWriter?
        var hasFailed = false
    }

    /// What must not be in it.
    let secrets = SecretStore()
    private let path: String
    private let sessionID: String
    private let mode: RecordMode
    private let options: SessionLogOptions
    private let state = Guarded(State())

    /// - Parameter options: how the log is written. Its records are in memory anyway until it takes them: usually, any number may wait.
    init(path: String, sessionID: String?, mode: RecordMode, options: SessionLogOptions = SessionLogOptions(queueSize: .max)) {
        self.path = path
        self.sessionID = sessionID ?? SessionID.random()
        self.mode = mode
        self.options = options
    }

    /// A call begins: its events are kept until it is recorded or discarded.
    func begin(_ requestID: String) {
        state.withLock { $0.pending[requestID] = [] }
    }

    /// Keeps an event of a call that has begun. Of those that belong to none, the exchanges are kept, with which a client learns
    /// about the server; they are recorded with the next call.
    func collect(_ event: SessionEvent, of requestID: String?) {
        state.withLock { state in
            if let requestID {
                state.pending[requestID]?.append(event)
            } else if event.name == EventName.llmExchangeRaw {
                // A client that looks after its servers goes on doing so while nobody calls.
                if state.unowned.count == Self.unownedLimit { state.unowned.removeFirst() }
                state.unowned.append(event)
            }
        }
    }

    /// How many exchanges wait for a call to be recorded with.
    private static let unownedLimit = 32

    /// Forgets a call that is not to be recorded.
    func discard(_ requestID: String) {
        state.withLock { $0.pending[requestID] = nil }
    }

    /// Records a call that is over.
    /// - Returns: why it could not, the first time.
    func record(
        _ request: ChatRequest, options: JSONObject, _ outcome: RecordedCall.Outcome, requestID: String, provider: String
    ) -> SessionLogError? {
        var events = state.withLock { state in
            defer { state.unowned = [] }
            return state.unowned + (state.pending.removeValue(forKey: requestID) ?? [])
        }
        let model = events.lazy.compactMap { $0.payload["model"] }.first ?? request.model.map { .string($0) }
        func event(_ name: String, _ members: JSONObject) -> SessionEvent {
            var payload: JSONObject = ["provider": .string(provider)]
            payload["model"] = model
            payload["request_id"] = .string(requestID)
            payload.merge(members)
            return SessionEvent(name, payload)
        }
        func has(_ name: String) -> Bool { events.contains { $0.name == name } }
        // What a provider does not tell itself.
        if !has(EventName.llmRequest) {
            events.insert(event(EventName.llmRequest, ["message_count": .integer(request.messages.count)]), at: 0)
        }
        if !has(EventName.llmResponse) { events.append(event(EventName.llmResponse, ["status": .string(outcome.status)])) }
        if !has(EventName.llmCallRaw) {
            let place = events.firstIndex { $0.name == EventName.llmRequest }.map { $0 + 1 } ?? 0
            let data: JSONObject = ["request": request.json, "options": .object(options)]
            events.insert(event(EventName.llmCallRaw, ["lvl": "DEBUG", "data": .object(data)]), at: place)
        }
        if !has(EventName.llmResponseRaw) {
            let place = events.lastIndex { $0.name == EventName.llmResponse } ?? events.count
            events.insert(event(EventName.llmResponseRaw, ["lvl": "DEBUG", "data": .object(outcome.json)]), at: place)
        }
        if mode == .all, let call = events.firstIndex(where: { $0.name == EventName.llmCallRaw }) {
            events[call].payload[RecordedSession.recordModeKey] = .string(mode.rawValue)
        }
        return write(events)
    }

    /// Ends the recording.
    /// - Returns: why something is missing in it, where that was not said yet.
    func close() -> SessionLogError? {
        let writer = state.withLock { state in
            defer { state.writer = nil }
            return state.writer
        }
        guard let writer else { return nil }
        writer.append(EventName.sessionEnd, ["parent_id": .null, "status": "ok"])
        writer.close()
        guard writer.lostRecords > 0, let error = writer.failure else { return nil }
        return untold(error)
    }

    private func write(_ events: [SessionEvent]) -> SessionLogError? {
        do throws(SessionLogError) {
            let (writer, isNew) = try opened()
            let redactor = secrets.redactor
            var batch = events.map { event in
                var event = event
                event.payload = redactor.redact(event.payload)
                return event
            }
            if isNew {
                let time = events.first?.time ?? .now()
                batch.insert(SessionEvent(EventName.sessionStart, ["parent_id": .null], at: time), at: 0)
            }
            let lost = writer.lostRecords
            // Whoever records wants to have the call once it is answered, and all of it.
            var isWritten = true
            for piece in Self.pieces(batch) { isWritten = writer.write(batch: piece) }
            if !isWritten || writer.lostRecords > lost, let error = writer.failure { throw error }
            return nil
        } catch {
            return untold(error)
        }
    }

    /// Records that are queued together: what may be large waits until what is before it is written, and so do the many pieces of a stream.
    /// No reader waits for one as it does for those of a session.
    private static func pieces(_ events: [SessionEvent]) -> [ArraySlice<SessionEvent>] {
        var pieces: [ArraySlice<SessionEvent>] = []
        for (index, event) in events.enumerated() {
            if let last = pieces.last, last.count < 1024, !event.name.hasSuffix(":raw"), !events[index - 1].name.hasSuffix(":raw") {
                pieces[pieces.count - 1] = events[last.startIndex...index]
            } else {
                pieces.append(events[index...index])
            }
        }
        return pieces
    }

    /// A failure, where none was told yet.
    private func untold(_ error: SessionLogError) -> SessionLogError? {
        state.withLock { state in
            defer { state.hasFailed = true }
            return state.hasFailed ? nil : error
        }
    }

    /// The log, made when the first call is recorded: whoever asks and gets nothing leaves nothing behind.
    private func opened() throws(SessionLogError) -> (SessionLogWriter, isNew: Bool) {
        if let writer = state.withLock({ $0.writer }) { return (writer, false) }
        let made = try SessionLogWriter(path: path, sessionID: sessionID, filter: EventFilter(exclude: []), options: options)
        let kept = state.withLock { state in
            state.writer = state.writer ?? made
            return state.writer ?? made
        }
        return (kept, kept === made)
    }
}

extension RecordedCall.Outcome {
    /// How `llm:response` says it.
    fileprivate var status: String {
        switch self {
        case .answered: "ok"
        case .failed(let error): error.code == .cancelled ? "cancelled" : "error"
        }
    }

    /// How `llm:response:raw` says it.
    fileprivate var json: JSONObject {
        switch self {
        case .answered(let answer): ["response": answer.json]
        case .failed(let error): ["error": error.json]
        }
    }
}
