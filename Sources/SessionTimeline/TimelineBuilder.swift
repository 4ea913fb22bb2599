import JSON
import ProviderKit
public import SessionLog

/// Puts a timeline together from the records of a log, in the order in which they stand there. No I/O; see `SessionTimeline.read(log:)`.
///
/// It takes what it finds: calls that overlap, several sessions in one log, logs that begin or end in the middle, those of other hosts, whose
/// records bear fewer ids.
public struct TimelineBuilder {
    /// Which run or call a step of a turn is.
    private enum Step {
        case call(Int)
        case tool(Int)
    }

    private var session = SessionTimeline()
    private var turns = TurnTable()
    private var calls = CallTable(keepsContents: true)
    private var tools = ToolTable(keepsContents: true)
    /// The steps of each turn, in the order in which they began.
    private var steps: [Int: [Step]] = [:]

    /// A builder that has seen no record.
    public init() {}

    /// Takes the next record.
    public mutating func add(_ record: SessionRecord) {
        let fields = RecordFields(record)
        session.recordCount += 1
        session.take(fields)
        if let note = SessionTimeline.Note(fields) { session.notes.append(note) }
        let id = fields.session
        _ = turns.take(fields, session: id)
        if let number = calls.take(fields, session: id) {
            let turn = turns.current(fields, session: id)
            steps[turn, default: []].append(.call(number))
        }
        if let run = tools.take(fields, session: id), run.begins {
            let turn = turns.current(fields, session: id)
            steps[turn, default: []].append(.tool(run.number))
        }
    }

    /// Notes a line that is no record, and why.
    public mutating func skip(line: Int, reason: String) {
        session.skippedLines.append((line, reason))
    }

    /// What is known by now.
    public var timeline: SessionTimeline {
        var timeline = session
        timeline.turns = turns.turns.sorted { $0.key < $1.key }.map { number, open in
            var turn = open.turn
            turn.steps = steps[number, default: []].compactMap(step)
            return turn
        }
        return timeline
    }

    private func step(_ step: Step) -> PromptTurn.Step? {
        switch step {
        case .call(let number): calls.calls[number].map { .call($0.finished) }
        case .tool(let number): tools.runs[number].map { .tool($0.run) }
        }
    }
}
