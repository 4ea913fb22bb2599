import JSON
import ProviderKit
public import SessionLog
public import Timestamps

/// Puts calls, runs of tools and turns together from the records of a log, and gives each out when it is complete: for logs of any length, since
/// it keeps only what is open. No I/O.
///
/// A call is complete when its end was told and something else begins in its session; what comes of it even later is passed over. Where more
/// is open than can be, as in a log that was made to have no end, the oldest is given out as it is.
public struct StepTracker: Sendable {
    /// Which turn something belongs to.
    public struct Turn: Sendable, Hashable {
        /// Its number, in the order in which they began in the log, from 0.
        public var number = 0
        /// When it began.
        public var start: LogTimestamp?
        /// Whether the user began it; what is outside of any prompt is in a turn without one.
        public var hasPrompt = false
    }

    /// Something that is complete.
    public struct Finished: Sendable {
        /// The turn that it belongs to.
        public var turn: Turn
        /// What it is.
        public var step: Step
    }

    /// What may be complete.
    public enum Step: Sendable {
        /// A call of a provider.
        case call(ProviderCall)
        /// A run of a tool.
        case tool(ToolRun)
        /// A turn, without its steps, which were given out before.
        case turn(PromptTurn)
    }

    private var turns = TurnTable()
    private var calls: CallTable
    private var tools: ToolTable
    /// The sessions of which something may be open, the oldest first.
    private var sessions: [String] = []
    private var isKnown: Set<String> = []
    private let maximumOpenCount: Int
    /// Of how many records what is open may be.
    private static let maximumRecordCount = 1 << 22

    /// A tracker that has seen no record.
    /// - Parameters:
    ///   - keepsContents: whether calls come with questions, answers and exchanges, or only with what is counted.
    ///   - maximumOpenCount: how many calls of a session, and how many sessions, may be open at once.
    public init(keepsContents: Bool, maximumOpenCount: Int = 1024) {
        calls = CallTable(keepsContents: keepsContents)
        tools = ToolTable(keepsContents: keepsContents)
        self.maximumOpenCount = maximumOpenCount
    }

    /// Takes the next record. Returns what is complete now.
    public mutating func add(_ record: SessionRecord) -> [Finished] {
        add(RecordFields(record))
    }

    mutating func add(_ fields: RecordFields) -> [Finished] {
        let session = fields.session
        var finished: [Finished] = []
        if isKnown.insert(session).inserted {
            sessions.append(session)
            if sessions.count > maximumOpenCount { finished += close(sessions.removeFirst()) }
        }
        if calls.calls.count > 4 * maximumOpenCount || calls.recordCount > Self.maximumRecordCount, !sessions.isEmpty {
            finished += close(sessions.removeFirst())
        }
        if Self.isBeginning(fields.event) { finished += calls.removeFinished(in: session).map(Self.finished) }
        if let before = turns.take(fields, session: session), let turn = turns.removed(before) { finished.append(turn) }
        if let number = calls.take(fields, session: session) {
            calls.place(number, inTurn: turns.current(fields, session: session, finished: &finished))
            if calls.count(in: session) > maximumOpenCount { finished += calls.removeAll(in: session).map(Self.finished) }
        }
        if let run = tools.take(fields, session: session) {
            if run.begins { tools.place(run.number, inTurn: turns.current(fields, session: session, finished: &finished)) }
            if tools.count(in: session) > maximumOpenCount { finished += tools.removeAll(in: session).map(Self.finished) }
            if run.ends, let run = tools.remove(run.number) { finished.append(Self.finished(run)) }
        }
        if fields.event == EventName.sessionEnd {
            sessions.removeAll { $0 == session }
            finished += close(session)
        }
        return finished
    }

    /// The log is at its end: returns what is open still, as it is.
    public mutating func finish() -> [Finished] {
        let open = sessions
        sessions = []
        return open.flatMap { close($0) }
    }

    /// Gives out what is open in a session, and forgets it.
    private mutating func close(_ session: String) -> [Finished] {
        isKnown.remove(session)
        var finished = calls.removeAll(in: session).map(Self.finished)
        finished += tools.removeAll(in: session).map(Self.finished)
        if let last = turns.removedLast(in: session) { finished.append(last) }
        return finished
    }

    private static func finished(_ call: OpenCall) -> Finished { Finished(turn: call.turn, step: .call(call.finished)) }

    private static func finished(_ run: ToolTable.OpenRun) -> Finished { Finished(turn: run.turn, step: .tool(run.run)) }

    /// Whether something else begins with an event, so that nothing more of the calls that are over is to be expected.
    private static func isBeginning(_ event: String) -> Bool {
        switch event {
        case EventName.providerRequest, EventName.llmRequest, EventName.toolPre, EventName.promptSubmit, EventName.orchestratorComplete:
            true
        default: false
        }
    }
}

extension StepTracker.Turn {
    init(number: Int, _ turn: PromptTurn) {
        self.init(number: number, start: turn.start, hasPrompt: turn.prompt != nil)
    }
}
