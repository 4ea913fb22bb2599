import JSON
import ProviderKit
import SessionLog
import Timestamps

/// The turns of the sessions in a log.
struct TurnTable: Sendable {
    /// A turn to which more may be added.
    struct OpenTurn: Sendable {
        /// What is known of it; its steps are elsewhere.
        var turn: PromptTurn
        /// Its end was told: what comes now, without another prompt, is not part of it.
        var isOver = false
    }

    /// The turns that have not been taken out, each under its number: in the order in which they began, from 0.
    private(set) var turns: [Int: OpenTurn] = [:]
    private(set) var nextNumber = 0
    /// The last turn of each session.
    private var last: [String: Int] = [:]

    /// Takes a record, if it is one of a turn itself.
    /// - Returns: the turn before, where one begins with the record.
    mutating func take(_ fields: RecordFields, session: String) -> Int? {
        switch fields.event {
        case EventName.promptSubmit:
            let before = last[session]
            var turn = PromptTurn()
            turn.prompt = fields["prompt"].map { $0.string ?? $0.text }
            begin(turn, fields, session)
            return before
        case EventName.promptComplete, EventName.orchestratorComplete:
            guard let number = last[session] else { return nil }
            turns[number]?.isOver = true
            if let time = fields.time { turns[number]?.turn.end = time }
            if let status = fields.string("status") { turns[number]?.turn.status = status }
            return nil
        case EventName.providerError:
            // Loops of Amplifier end with the exception, and tell no end of the turn.
            setEnd(fields.time, fields.isCancellation ? "cancelled" : "error", session)
            return nil
        case EventName.providerRequest:
            // It was not the end: another provider is asked.
            setEnd(nil, nil, session)
            return nil
        default: return nil
        }
    }

    /// The number of the turn that what begins now belongs to: a new one without a prompt, where it belongs to none.
    mutating func current(_ fields: RecordFields, session: String) -> Int {
        if let number = last[session], turns[number]?.isOver == false { return number }
        begin(PromptTurn(), fields, session)
        return nextNumber - 1
    }

    /// The same; the turn before, where one begins, is taken out and added to `finished`.
    mutating func current(
        _ fields: RecordFields, session: String, finished: inout [StepTracker.Finished]
    ) -> StepTracker.Turn {
        let before = last[session]
        let number = current(fields, session: session)
        if let before, before != number, let ended = removed(before) { finished.append(ended) }
        return turns[number].map { StepTracker.Turn(number: number, $0.turn) } ?? StepTracker.Turn()
    }

    /// Takes a turn out.
    mutating func removed(_ number: Int) -> StepTracker.Finished? {
        turns.removeValue(forKey: number).map { .init(turn: StepTracker.Turn(number: number, $0.turn), step: .turn($0.turn)) }
    }

    /// Takes the last turn of a session out, and forgets the session.
    mutating func removedLast(in session: String) -> StepTracker.Finished? {
        last.removeValue(forKey: session).flatMap { removed($0) }
    }

    /// What is taken for the end of a session's turn as long as nobody tells its end.
    private mutating func setEnd(_ time: LogTimestamp?, _ status: String?, _ session: String) {
        guard let number = last[session], turns[number]?.isOver == false else { return }
        turns[number]?.turn.end = time
        turns[number]?.turn.status = status
    }

    private mutating func begin(_ turn: PromptTurn, _ fields: RecordFields, _ session: String) {
        var turn = turn
        turn.sessionID = session.isEmpty ? nil : session
        turn.start = fields.time
        turns[nextNumber] = OpenTurn(turn: turn)
        last[session] = nextNumber
        nextNumber += 1
    }
}
