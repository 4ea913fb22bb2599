import JSON
import ProviderKit

/// The runs of tools in the sessions of a log, and which records belong to one.
struct ToolTable: Sendable {
    /// A run that has an end, or may get one.
    struct OpenRun: Sendable {
        var run: ToolRun
        var turn = StepTracker.Turn()
    }

    /// What is known of the runs, each under its number: in the order in which they began, from 0.
    private(set) var runs: [Int: OpenRun] = [:]
    private var nextNumber = 0
    /// The runs of each session that have not ended, in order.
    private var open: [String: [Int]] = [:]
    private let keepsContents: Bool

    /// How many open runs are looked at: what was begun longer ago and never ended does not end any more.
    private static let searchedCount = 1024

    init(keepsContents: Bool) {
        self.keepsContents = keepsContents
    }

    /// Takes a record, if it is one of a run.
    /// - Returns: the number of the run, and whether it begins with the record and whether it is over.
    mutating func take(_ fields: RecordFields, session: String) -> (number: Int, begins: Bool, ends: Bool)? {
        let isBeginning = fields.event == EventName.toolPre
        guard isBeginning || fields.event == EventName.toolPost || fields.event == EventName.toolError else { return nil }
        let known = isBeginning ? nil : pending(fields, session)
        let number = known ?? begin(fields, session)
        if isBeginning {
            runs[number]?.run.start = fields.time
            open[session, default: []].append(number)
        } else {
            end(number, fields, session)
        }
        return (number, known == nil, !isBeginning)
    }

    /// Says which turn a run belongs to.
    mutating func place(_ number: Int, inTurn turn: StepTracker.Turn) { runs[number]?.turn = turn }

    /// How many runs of a session have not ended.
    func count(in session: String) -> Int { open[session]?.count ?? 0 }

    /// Takes a run out.
    mutating func remove(_ number: Int) -> OpenRun? { runs.removeValue(forKey: number) }

    /// Takes out all runs of a session that have not ended, and forgets it.
    mutating func removeAll(in session: String) -> [OpenRun] {
        open.removeValue(forKey: session)?.compactMap { runs.removeValue(forKey: $0) } ?? []
    }

    /// The run that a record ends: the one with its id, else the oldest of its group with its name. Amplifier's loops give no ids.
    private func pending(_ fields: RecordFields, _ session: String) -> Int? {
        let (id, name, group) = (fields.string("tool_call_id"), fields.string("tool_name"), fields.string("parallel_group_id"))
        return open[session]?.suffix(Self.searchedCount).first { number in
            guard let run = runs[number]?.run else { return false }
            if let id, let other = run.callID { return id == other }
            return run.name == name && (group == nil || run.groupID == nil || run.groupID == group)
        }
    }

    private mutating func begin(_ fields: RecordFields, _ session: String) -> Int {
        var run = ToolRun(name: fields.string("tool_name") ?? "")
        run.sessionID = session.isEmpty ? nil : session
        run.callID = fields.string("tool_call_id")
        run.groupID = fields.string("parallel_group_id")
        if keepsContents { run.input = fields["tool_input"] }
        let number = nextNumber
        nextNumber += 1
        runs[number] = OpenRun(run: run)
        return number
    }

    private mutating func end(_ number: Int, _ fields: RecordFields, _ session: String) {
        if let position = open[session]?.lastIndex(of: number) { open[session]?.remove(at: position) }
        runs[number]?.run.end = fields.time
        if keepsContents { runs[number]?.run.result = fields["result"] }
        if fields.event == EventName.toolError { runs[number]?.run.error = fields.errorMessage ?? "" }
    }
}
