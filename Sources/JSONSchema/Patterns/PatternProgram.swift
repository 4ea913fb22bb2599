/// The automaton of a regular expression, as a list of instructions.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Goes on behind this instruction with the next character, if it is in the set.
        case character(ScalarSet)
        case place(PatternExpression.Place)
        case jump(Int)
        case split(Int, Int)
        case accept
    }

    private(set) var instructions: [Instruction] = []

    /// A longer program is not made: the time of a match grows with it.
    private static let maxCount = 20_000

    init(_ expression: PatternExpression) throws(PatternParser.Unsupported) {
        try add(expression)
        try emit(.accept)
    }

    private mutating func add(_ expression: PatternExpression) throws(PatternParser.Unsupported) {
        switch expression {
        case .character(let set): try emit(.character(set))
        case .place(let place): try emit(.place(place))
        case .sequence(let parts):
            if parts.isEmpty { try addNothing() }
            for part in parts { try add(part) }
        case .alternatives(let alternatives): try add(alternatives: alternatives)
        case .repeated(_, minimum: 0, maximum: 0): try addNothing()
        case .repeated(let expression, let minimum, let maximum):
            for _ in 0..<minimum { try add(expression) }
            guard let maximum else { return try add(star: expression) }
            try add(optional: expression, count: maximum - minimum)
        }
    }

    /// What matches the empty text takes an instruction, too: nothing that is repeated is free.
    private mutating func addNothing() throws(PatternParser.Unsupported) {
        try emit(.jump(instructions.count + 1))
    }

    private mutating func add(alternatives: [PatternExpression]) throws(PatternParser.Unsupported) {
        var ends: [Int] = []
        for alternative in alternatives.dropLast() {
            let split = instructions.count
            try emit(.split(split + 1, split + 1))
            try add(alternative)
            ends.append(instructions.count)
            try emit(.jump(0))
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = alternatives.last { try add(last) }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func add(star expression: PatternExpression) throws(PatternParser.Unsupported) {
        let split = instructions.count
        try emit(.split(split + 1, split + 1))
        try add(expression)
        try emit(.jump(split))
        instructions[split] = .split(split + 1, instructions.count)
    }

    private mutating func add(optional expression: PatternExpression, count: Int) throws(PatternParser.Unsupported) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(instructions.count)
            try emit(.split(instructions.count + 1, instructions.count + 1))
            try add(expression)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }

    private mutating func emit(_ instruction: Instruction) throws(PatternParser.Unsupported) {
        guard instructions.count < Self.maxCount else { throw PatternParser.Unsupported() }
        instructions.append(instruction)
    }
}
