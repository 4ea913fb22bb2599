import JSON
import ProviderKit

/// The calls of providers in the sessions of a log, and to which of them a record belongs.
///
/// Calls may overlap. Most records bear the id of their call; those that do not (all of them in older logs, and those of Amplifier's loops
/// always) belong to the call of their session that is at the point where such a record comes next.
struct CallTable: Sendable {
    /// What is known of the calls, each under its number: in the order in which they began, from 0.
    private(set) var calls: [Int: OpenCall] = [:]
    /// How many records those calls have taken.
    private(set) var recordCount = 0
    private var nextNumber = 0
    private var byRequest: [Request: Int] = [:]
    private var sessions: [String: Points] = [:]
    /// The calls of each session that have not been taken out, in order.
    private var open: [String: [Int]] = [:]
    private let keepsContents: Bool

    private struct Request: Hashable {
        var session: String
        var id: String
    }

    /// Which calls of a session come next.
    private struct Points: Sendable {
        /// The one that the loop has asked last, until it has its answer.
        var asked: Int?
        /// The one that a provider has begun last.
        var sent: Int?
        /// The one whose answer the loop had last: its blocks follow.
        var answered: Int?
    }

    init(keepsContents: Bool) {
        self.keepsContents = keepsContents
    }

    /// Takes a record, if it is one of a call.
    /// - Returns: the number of the call that begins with it.
    mutating func take(_ fields: RecordFields, session: String) -> Int? {
        guard Self.isOfCall(fields.event) else { return nil }
        let id = fields.string("request_id")
        var points = sessions[session] ?? Points()
        defer { sessions[session] = points }
        let known = id.flatMap { byRequest[Request(session: session, id: $0)] } ?? numberless(fields.event, hasID: id != nil, points)
        guard let number = known ?? begin(fields.event, session) else { return nil }
        if let id, calls[number]?.call.requestID == nil {
            calls[number]?.call.requestID = id
            byRequest[Request(session: session, id: id)] = number
        }
        calls[number]?.take(fields, keepsContents: keepsContents)
        recordCount += 1
        switch fields.event {
        case EventName.providerRequest: points.asked = number
        case EventName.llmRequest: points.sent = number
        case EventName.providerResponse, EventName.providerError:
            points.answered = number
            if points.asked == number { points.asked = nil }
        default: break
        }
        return known == nil ? number : nil
    }

    /// Says which turn a call belongs to.
    mutating func place(_ number: Int, inTurn turn: StepTracker.Turn) { calls[number]?.turn = turn }

    /// How many calls there are of a session that have not been taken out.
    func count(in session: String) -> Int { open[session]?.count ?? 0 }

    /// Takes out the calls of a session that are over.
    mutating func removeFinished(in session: String) -> [OpenCall] {
        let finished = open[session]?.filter { calls[$0]?.isOver == true } ?? []
        guard !finished.isEmpty else { return [] }
        open[session]?.removeAll { calls[$0]?.isOver == true }
        return finished.compactMap { remove($0) }
    }

    /// Takes out all calls of a session, and forgets it.
    mutating func removeAll(in session: String) -> [OpenCall] {
        sessions[session] = nil
        return open.removeValue(forKey: session)?.compactMap { remove($0) } ?? []
    }

    private mutating func remove(_ number: Int) -> OpenCall? {
        guard let call = calls.removeValue(forKey: number) else { return nil }
        recordCount -= call.recordCount
        let session = call.call.sessionID ?? ""
        if let id = call.call.requestID { byRequest[Request(session: session, id: id)] = nil }
        return call
    }

    private static func isOfCall(_ event: String) -> Bool {
        switch event {
        case EventName.providerRequest, EventName.providerResponse, EventName.providerError, EventName.providerRetry,
            EventName.providerThrottle, EventName.providerToolSequenceRepaired, EventName.providerIncompleteContinuation,
            EventName.contentBlockStart, EventName.contentBlockEnd:
            true
        default: event.hasPrefix("llm:")
        }
    }

    /// The call of a record that names none which is known.
    private func numberless(_ event: String, hasID: Bool, _ points: Points) -> Int? {
        /// The call with this number, if it waits for such a record.
        func waiting(_ number: Int?, _ waits: (OpenCall) -> Bool) -> Int? {
            number.flatMap { number in calls[number].flatMap { waits($0) ? number : nil } }
        }
        switch event {
        case EventName.providerRequest: return nil
        case EventName.llmRequest: return waiting(points.asked) { !$0.isSent && $0.call.requestID == nil }
        case EventName.providerResponse, EventName.providerError: return hasID ? nil : waiting(points.asked) { !$0.isAnswered }
        case EventName.contentBlockStart, EventName.contentBlockEnd: return waiting(points.answered) { _ in true }
        // Exchanges of no call bear no id.
        case EventName.llmExchangeRaw: return nil
        case EventName.llmResponse where hasID: return nil
        default:
            guard !hasID else { return nil }
            return waiting(points.sent) { !$0.hasResponse } ?? waiting(points.asked) { !$0.isSent }
        }
    }

    /// A call may begin with the record that comes first of it, and with the one that says all: a log may begin in the middle of a call.
    private mutating func begin(_ event: String, _ session: String) -> Int? {
        guard [EventName.providerRequest, EventName.llmRequest, EventName.llmResponse].contains(event) else { return nil }
        var call = ProviderCall(requestID: nil)
        call.sessionID = session.isEmpty ? nil : session
        let number = nextNumber
        nextNumber += 1
        calls[number] = OpenCall(call)
        open[session, default: []].append(number)
        return number
    }
}
