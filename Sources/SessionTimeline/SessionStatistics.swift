import JSON
import ProviderKit
public import SessionLog
public import Timestamps

/// What is to be said of the sessions in any number of logs: counted record by record, in memory that does not grow with them.
public struct SessionStatistics: Sendable {
    /// By what calls are told apart.
    public enum Grouping: String, Sendable, CaseIterable {
        /// The model that was asked.
        case model
        /// The provider, by its instance's name where it has one.
        case provider
        /// The session.
        case session
        /// The day on which the call began, in UTC.
        case day
    }

    /// What calls, runs and turns are counted. Records and sessions are counted whatever it says.
    public let filter: CallFilter
    /// By what calls are told apart.
    public let grouping: Grouping?
    /// All calls.
    public private(set) var calls = CallStatistics()
    /// The calls of each group, where they are told apart; of more than 10,000 groups the rest is in `Tally.others`.
    public private(set) var groups: [String: CallStatistics] = [:]
    /// The runs of each tool; of more than 1,000 tools the rest is in `Tally.others`.
    public private(set) var tools: [String: ToolStatistics] = [:]
    /// How many prompts were put.
    public private(set) var promptCount = 0
    /// How what was done for a prompt ended: `success`, `error`, `cancelled`, or `unknown`.
    public private(set) var turnStatuses = Tally()
    /// How many logs there are.
    public private(set) var logCount = 0
    /// How many lines there are that are no records.
    public private(set) var skippedCount = 0
    /// How many records the writers of the logs say that they have lost (`log:dropped`).
    public private(set) var droppedCount = 0
    /// The first time that a record tells.
    public private(set) var start: LogTimestamp?
    /// The last time that a record tells.
    public private(set) var end: LogTimestamp?
    private var lineCount = 0
    /// The hashes of the sessions' ids: an id may be long.
    private var sessions: Set<Int> = []
    private var lastSession = ""
    private var tracker = StepTracker(keepsContents: false)

    /// Of nothing.
    public init(grouping: Grouping? = nil, filter: CallFilter = CallFilter()) {
        self.grouping = grouping
        self.filter = filter
    }

    /// How many records there are in the logs that are at their end.
    public var recordCount: Int { max(0, lineCount - skippedCount) }

    /// How many sessions there are; a million at most.
    public var sessionCount: Int { sessions.count }

    /// Which records have to be read. The others are only counted, see `endLog`.
    public static let query = RecordQuery(
        events: [
            EventName.contentBlockStart, EventName.llmStreamBlockEnd, EventName.logContent, "llm:*:debug", EventName.llmRequestRaw,
            EventName.llmCallRaw, EventName.llmResponseRaw,
        ].map { "!" + $0 })

    /// Takes the next record of a log.
    public mutating func add(_ record: SessionRecord) {
        let fields = RecordFields(record)
        if let time = fields.time {
            start = min(start ?? time, time)
            end = max(end ?? time, time)
        }
        if fields.session != lastSession || sessions.isEmpty {
            lastSession = fields.session
            if sessions.count < 1_000_000 { sessions.insert(fields.session.hashValue) }
        }
        if fields.event == EventName.logDropped {
            droppedCount = droppedCount.addingReportingOverflow(max(0, fields.int("count") ?? 0)).partialValue
        }
        for finished in tracker.add(fields) { count(finished.step) }
    }

    /// Counts a line that is no record.
    public mutating func skip() { skippedCount += 1 }

    /// The log is at its end; the next one may follow.
    /// - Parameter lineCount: how many lines it has, read or not.
    public mutating func endLog(lineCount: Int) {
        logCount += 1
        self.lineCount += lineCount
        for finished in tracker.finish() { count(finished.step) }
        tracker = StepTracker(keepsContents: false)
    }

    private mutating func count(_ step: StepTracker.Step) {
        switch step {
        case .call(let call):
            guard filter.includes(call) else { return }
            calls.add(call)
            guard let grouping else { return }
            let group = Self.group(of: call, by: grouping)
            let hasRoom = groups[group] != nil || groups.count < 10_000
            groups[hasRoom ? group : Tally.others, default: CallStatistics()].add(call)
        case .tool(let run):
            guard filter.includes(run) else { return }
            let hasRoom = tools[run.name] != nil || tools.count < 1000
            tools[hasRoom ? run.name : Tally.others, default: ToolStatistics()].add(run)
        case .turn(let turn):
            guard filter.includes(turn), turn.prompt != nil else { return }
            promptCount += 1
            turnStatuses.add(turn.status ?? "unknown")
        }
    }

    private static func group(of call: ProviderCall, by grouping: Grouping) -> String {
        switch grouping {
        case .model: call.model ?? "unknown"
        case .provider: call.instanceID ?? call.provider ?? "unknown"
        case .session: call.sessionID ?? "unknown"
        case .day: call.start.map { String($0.description.prefix(10)) } ?? "unknown"
        }
    }
}
