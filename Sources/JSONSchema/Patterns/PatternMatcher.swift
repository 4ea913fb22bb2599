/// Runs the automaton of a pattern over a text: all its states at once, one step a character, so that no pattern takes more time than
/// its length times that of the text (K. Thompson, "Regular expression search algorithm", 1968).
struct PatternMatcher {
    private let program: PatternProgram
    private let scalars: String.UnicodeScalarView
    /// The states that wait for a character, and those that waited for the one before it.
    private var states: [Int] = []
    private var passed: [Int] = []
    /// For each instruction, the step in which it was reached last.
    private var reached: [Int]
    private var step = 0
    private var accepts = false

    init(_ program: PatternProgram, over text: String) {
        self.program = program
        scalars = text.unicodeScalars
        reached = [Int](repeating: -1, count: program.instructions.count)
    }

    /// Whether the whole text matches, or else whether any part does.
    mutating func run(whole: Bool) -> Bool {
        var index = scalars.startIndex
        enter(0, at: index)
        while index < scalars.endIndex {
            if !whole && accepts { return true }
            if whole && states.isEmpty { return false }
            let scalar = scalars[index]
            index = scalars.index(after: index)
            swap(&states, &passed)
            states.removeAll(keepingCapacity: true)
            (step, accepts) = (step + 1, false)
            for state in passed {
                if case .character(let set) = program.instructions[state], set.contains(scalar) { enter(state + 1, at: index) }
            }
            if !whole { enter(0, at: index) }
        }
        return accepts
    }

    /// Reaches an instruction and all that follow without a character.
    private mutating func enter(_ first: Int, at index: String.Index) {
        var pending = [first]
        while let next = pending.popLast() {
            guard reached[next] != step else { continue }
            reached[next] = step
            switch program.instructions[next] {
            case .character: states.append(next)
            case .accept: accepts = true
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [second, first]
            case .place(let place): if isPlace(place, index) { pending.append(next + 1) }
            }
        }
    }

    private func isPlace(_ place: PatternExpression.Place, _ index: String.Index) -> Bool {
        switch place {
        case .start: index == scalars.startIndex
        case .end: index == scalars.endIndex
        case .wordBoundary: isWordBoundary(index)
        case .noWordBoundary: !isWordBoundary(index)
        }
    }

    private func isWordBoundary(_ index: String.Index) -> Bool {
        let before = index > scalars.startIndex && ScalarSet.word.contains(scalars[scalars.index(before: index)])
        let behind = index < scalars.endIndex && ScalarSet.word.contains(scalars[index])
        return before != behind
    }
}
