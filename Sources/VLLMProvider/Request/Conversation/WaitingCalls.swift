/// The calls of one id that have no result, in the order of their turns.
struct WaitingCalls {
    private var turns: ArraySlice<(turn: Int, calls: ArraySlice<Int>)> = []

    /// Adds a call behind the others.
    mutating func add(_ call: Int, of turn: Int) {
        if let last = turns.indices.last, turns[last].turn == turn {
            turns[last].calls.append(call)
        } else {
            turns.append((turn, [call]))
        }
    }

    /// Takes the first call of the latest turn.
    mutating func takeLatest() -> (turn: Int, call: Int)? { turns.indices.last.flatMap { take($0) } }

    /// Takes the first call of the earliest turn.
    mutating func takeEarliest() -> (turn: Int, call: Int)? { turns.indices.first.flatMap { take($0) } }

    /// Takes the first call of the first or last turn.
    private mutating func take(_ index: Int) -> (turn: Int, call: Int)? {
        let turn = turns[index].turn
        guard let call = turns[index].calls.popFirst() else { return nil }
        if turns[index].calls.isEmpty {
            if index == turns.startIndex { turns.removeFirst() } else { turns.removeLast() }
        }
        return (turn, call)
    }
}
