/// Which result of a conversation answers which call.
///
/// A result answers the call of its id: of several, the first that is open in the latest turn before it. Where no call before it has
/// its id, it answers one that comes after it. A result without an id answers by the tool's name, within the latest turn with calls.
struct ToolCallMatching {
    private struct Place: Hashable {
        var turn: Int
        var call: Int
    }

    /// The results of the turns with calls: the places of the result and the call, in the results' order.
    private(set) var results: [Int: [(result: Int, call: Int)]] = [:]
    private(set) var matched: Set<Int> = []
    private var open: [String: [Place]] = [:]
    private var answered: Set<Place> = []

    init(_ turns: [Turn]) {
        var known: Set<String> = []
        var early: [(id: String, result: Int)] = []
        var nameless: [(name: String, result: Int, turn: Int)] = []
        var lastCaller: Int?
        for (index, turn) in turns.enumerated() {
            for (call, id) in turn.calls.map(\.id).enumerated() {
                open[id, default: []].append(Place(turn: index, call: call))
                known.insert(id)
            }
            if !turn.calls.isEmpty { lastCaller = index }
            guard turn.isResult else { continue }
            if let id = turn.callID {
                if !known.contains(id) { early.append((id, index)) } else { answer(latest: id, by: index) }
            } else if let name = turn.name, let lastCaller {
                nameless.append((name, index, lastCaller))
            }
        }
        for (id, result) in early {
            if let place = open[id]?.first { answer(place, id, by: result) }
        }
        for (name, result, turn) in nameless {
            let calls = turns[turn].calls
            let free = calls.indices.first { calls[$0].name == name && !answered.contains(Place(turn: turn, call: $0)) }
            if let free { answer(Place(turn: turn, call: free), calls[free].id, by: result) }
        }
        for turn in results.keys { results[turn]?.sort { $0.result < $1.result } }
    }

    private mutating func answer(latest id: String, by result: Int) {
        guard let places = open[id], let turn = places.last?.turn, let place = places.first(where: { $0.turn == turn }) else { return }
        answer(place, id, by: result)
    }

    private mutating func answer(_ place: Place, _ id: String, by result: Int) {
        open[id]?.removeAll { $0 == place }
        answered.insert(place)
        matched.insert(result)
        results[place.turn, default: []].append((result, place.call))
    }
}
