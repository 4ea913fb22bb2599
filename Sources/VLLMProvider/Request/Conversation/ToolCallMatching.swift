/// Which result of a conversation answers which call.
///
/// A result answers the call of its id: of several, the first that is open in the latest turn before it. Where no call before it has
/// its id, it answers one that comes after it. A result without an id answers by the tool's name, within the latest turn with calls, and
/// one without a name the first call of that turn that is open then. The time it takes grows with the conversation's length alone.
struct ToolCallMatching {
    private struct Place: Hashable {
        var turn: Int
        var call: Int
    }

    /// Calls of one turn: of a tool, or of any tool.
    private struct Kind: Hashable {
        var turn: Int
        var tool: String?
    }

    /// The results of the turns with calls: the places of the result and the call, in the results' order.
    private(set) var results: [Int: [(result: Int, call: Int)]] = [:]
    private(set) var matched: Set<Int> = []
    private var waiting: [String: WaitingCalls] = [:]
    private var answered: Set<Place> = []
    /// The calls that results without an id may answer, as far as these have not been looked at.
    private var candidates: [Kind: ArraySlice<Int>] = [:]

    init(_ turns: [Turn]) {
        var early: [(id: String, result: Int)] = []
        var nameless: [(kind: Kind, result: Int)] = []
        var lastCaller: Int?
        for (index, turn) in turns.enumerated() {
            for (call, id) in turn.calls.map(\.id).enumerated() { waiting[id, default: WaitingCalls()].add(call, of: index) }
            if !turn.calls.isEmpty { lastCaller = index }
            guard turn.isResult else { continue }
            if let id = turn.callID {
                if waiting[id] == nil { early.append((id, index)) } else { answer(waiting[id]?.takeLatest(), by: index) }
            } else if let lastCaller {
                nameless.append((Kind(turn: lastCaller, tool: turn.name), index))
            }
        }
        for (id, result) in early { answer(waiting[id]?.takeEarliest(), by: result) }
        // Those that name a tool first: the others take what is left.
        for (kind, result) in nameless where kind.tool != nil { answer(candidate(kind, turns), by: result) }
        for (kind, result) in nameless where kind.tool == nil { answer(candidate(kind, turns), by: result) }
        for turn in results.keys { results[turn]?.sort { $0.result < $1.result } }
    }

    /// The first call of a kind that is not answered.
    private mutating func candidate(_ kind: Kind, _ turns: [Turn]) -> (turn: Int, call: Int)? {
        if candidates[kind] == nil { addCandidates(kind.turn, turns[kind.turn].calls) }
        while let call = candidates[kind]?.popFirst() {
            if !answered.contains(Place(turn: kind.turn, call: call)) { return (kind.turn, call) }
        }
        return nil
    }

    private mutating func addCandidates(_ turn: Int, _ calls: [Turn.Call]) {
        let anyTool = Kind(turn: turn)
        guard candidates[anyTool] == nil else { return }
        candidates[anyTool] = Array(calls.indices)[...]
        for (index, call) in calls.enumerated() { candidates[Kind(turn: turn, tool: call.name), default: []].append(index) }
    }

    private mutating func answer(_ place: (turn: Int, call: Int)?, by result: Int) {
        guard let (turn, call) = place else { return }
        answered.insert(Place(turn: turn, call: call))
        matched.insert(result)
        results[turn, default: []].append((result, call))
    }
}
