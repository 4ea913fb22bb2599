public import JSON
import Locks
public import Redaction
public import Timestamps

/// Appends the events of a session to its log, from any thread.
///
/// Every record is in the file when the call returns, written whole with one `write` to a file opened for appending: the lines of
/// several threads and processes never mix, and what was logged survives a crash of the process (not one of the machine). A record
/// of a call that starts after another call has returned stands behind that call's record.
///
/// A log that cannot be written never stops the session: the first failure is handed back once, the records that are missing are counted.
public final class SessionLogWriter: Sendable {
    private struct State {
        var file: PrivateFile?
        /// The file may end inside a line, so the next record needs a line feed in front.
        var endsInsideLine: Bool
        var lostRecords = 0
        var failure: SessionLogError?
    }

    /// The file that is written.
    public let path: String
    /// The session whose events these are.
    public let sessionID: String
    private let filter: EventFilter
    private let redactor: Redactor
    private let encoder: RecordEncoder
    private let state: Guarded<State>

    /// Opens the log at `path`, which is made (mode 0600) with the folders above it (mode 0700) where it is missing, and appended to
    /// where it is there.
    /// - Parameters:
    ///   - filter: what is left out.
    ///   - redactor: what takes secrets out of every record.
    /// - Throws: `SessionLogError` when the file cannot be opened or a folder cannot be made.
    public init(
        path: String, sessionID: String, filter: EventFilter = EventFilter(), redactor: Redactor = Redactor()
    ) throws(SessionLogError) {
        guard !sessionID.isEmpty else {
            throw SessionLogError(.open, path, reason: "the session has no name, and readers drop records without one")
        }
        let file = try PrivateFile(path: path)
        self.path = path
        self.sessionID = sessionID
        self.filter = filter
        self.redactor = redactor
        encoder = RecordEncoder(sessionID: sessionID)
        state = Guarded(State(file: file, endsInsideLine: file.endsInsideLine))
    }

    /// Whether events of this name are logged: a caller may save itself the trouble of making one that is not.
    public func logs(_ name: String) -> Bool { !filter.excludes(name) }

    /// How many records are missing from the file because they could not be written.
    public var lostRecords: Int { state.withLock { $0.lostRecords } }

    /// The first failure to write, if there was one.
    public var failure: SessionLogError? { state.withLock { $0.failure } }

    /// Appends one event. Returns the failure when it is the first one.
    @discardableResult
    public func append(_ name: String, _ payload: JSONObject = [:], at time: LogTimestamp = .now()) -> SessionLogError? {
        append(batch: CollectionOfOne(SessionEvent(name, payload, at: time)))
    }

    /// Appends several events at once, in one `write`. Returns the failure when it is the first one.
    @discardableResult
    public func append(batch events: some Collection<SessionEvent>) -> SessionLogError? {
        var writer = JSONWriter()
        var count = 0
        for var event in events where logs(event.name) {
            event.payload = redactor.redact(event.payload)
            encoder.write(event, to: &writer)
            count += 1
        }
        return count == 0 ? nil : append(lines: writer.bytes, count: count)
    }

    /// Closes the file once the writes under way are done. Events that come later are lost, and counted.
    public func close() {
        state.withLock { $0.file = nil }
    }

    private func append(lines: [UInt8], count: Int) -> SessionLogError? {
        let (file, needsLineFeed) = state.withLock { state in
            defer { state.endsInsideLine = false }
            return (state.file, state.endsInsideLine)
        }
        guard let file else {
            return lose(count, SessionLogError(.write, path, reason: "the log is closed"), insideLine: false)
        }
        let bytes = needsLineFeed ? [UInt8(ascii: "\n")] + lines : lines
        switch bytes.withUnsafeBytes({ file.append($0) }) {
        case .written: return nil
        case .failed(let code, let written):
            let complete = bytes[..<written].count { $0 == UInt8(ascii: "\n") } - (needsLineFeed && written > 0 ? 1 : 0)
            let insideLine = written > 0 ? bytes[written - 1] != UInt8(ascii: "\n") : needsLineFeed
            return lose(count - complete, SessionLogError(.write, path, errno: code), insideLine: insideLine)
        }
    }

    /// Counts records that are not in the file. Returns the failure when it is the first one.
    private func lose(_ count: Int, _ failure: SessionLogError, insideLine: Bool) -> SessionLogError? {
        state.withLock { state in
            state.lostRecords += count
            if insideLine { state.endsInsideLine = true }
            guard state.failure == nil else { return nil }
            state.failure = failure
            return failure
        }
    }
}
