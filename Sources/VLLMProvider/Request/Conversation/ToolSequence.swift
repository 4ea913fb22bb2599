import ProviderKit

/// A conversation in which every tool call is answered exactly once, right after the turn that made it, as chat templates and servers
/// expect it. A broken one is repaired so that nothing that was said is lost.
struct ToolSequence {
    private(set) var turns: [Turn] = []
    /// What was repaired, in order.
    private(set) var repairs: [ToolSequenceRepair] = []
    private var ids: CallIDs

    /// What the model is told of a call of which no result is known.
    static let missingResult = "Error: no result of this tool call is known."

    init(repairing turns: [Turn]) {
        guard turns.useTools else {
            ids = CallIDs(all: [])
            self.turns = turns
            return
        }
        ids = CallIDs(all: turns.flatMap(\.calls).map(\.id))
        let matching = ToolCallMatching(turns)
        // The turn that each result follows, other results aside.
        var speaker: Int?
        let speakers = turns.enumerated().map { index, turn in
            if !turn.isResult { speaker = index }
            return speaker
        }
        self.turns.reserveCapacity(turns.count)
        for (index, turn) in turns.enumerated() {
            if turn.isResult {
                if !matching.matched.contains(index) { addOrphan(turn) }
            } else {
                add(turn, results: (matching.results[index] ?? []).map { (turns[$0.result], $0.call, speakers[$0.result] == index) })
            }
        }
    }

    /// Adds a turn and all results of its calls.
    private mutating func add(_ turn: Turn, results: [(turn: Turn, call: Int, isInPlace: Bool)]) {
        var caller = turn
        for (index, call) in turn.calls.enumerated() {
            caller.calls[index].id = ids.unused(for: call.id)
            if caller.calls[index].id != call.id { note(.duplicateID, call, of: turn) }
        }
        turns.append(caller)
        for (result, call, isInPlace) in results {
            if !isInPlace { note(.movedResult, turn.calls[call], of: turn) }
            var result = result
            (result.role, result.callID) = (.tool, caller.calls[call].id)
            turns.append(result)
        }
        let answered = Set(results.map(\.call))
        for (index, call) in caller.calls.enumerated() where !answered.contains(index) {
            note(.missingResult, turn.calls[index], of: turn)
            turns.append(
                Turn(
                    role: .tool, name: call.name, content: .text(Self.missingResult), callID: call.id,
                    messageIndex: turn.messageIndex))
        }
    }

    /// Adds a result without a call as the user's text, which says what it is.
    private mutating func addOrphan(_ result: Turn) {
        repairs.append(
            ToolSequenceRepair(kind: .orphanedResult, callID: result.callID, toolName: result.name, messageIndex: result.messageIndex))
        let tool = result.name.map { "the tool \($0)" } ?? "a tool"
        var turn = result
        (turn.role, turn.name, turn.callID) = (.user, nil, nil)
        turn.content = .blocks([.text(TextBlock("Result of \(tool):"))] + result.content.blocks)
        turns.append(turn)
    }

    private mutating func note(_ kind: ToolSequenceRepair.Kind, _ call: Turn.Call, of turn: Turn) {
        repairs.append(ToolSequenceRepair(kind: kind, callID: call.id, toolName: call.name, messageIndex: turn.messageIndex))
    }
}
