/// Makes a program of a tree, from its end to its beginning.
struct Compiler {
    /// More than this is refused: `(a{1000}){1000}` would be a million instructions.
    private static let maximumCount = 20_000

    private let ignoresCase: Bool
    private var program = Program()

    init(ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
    }

    mutating func compile(_ node: Node) throws(RegularExpressionError) -> Program {
        let match = try add(.match)
        program.start = try add(node, before: match)
        return program
    }

    /// Adds what the node asks for, in front of the instruction `next`; returns where it begins.
    private mutating func add(_ node: Node, before next: Int) throws(RegularExpressionError) -> Int {
        switch node {
        case .empty: return next
        case .literal(let scalar): return try add(ScalarSet([scalar.value...scalar.value]), before: next)
        case .set(let set): return try add(set, before: next)
        case .sequence(let nodes):
            var start = next
            for node in nodes.reversed() { start = try add(node, before: start) }
            return start
        case .alternation(let nodes):
            var starts: [Int] = []
            for node in nodes { starts.append(try add(node, before: next)) }
            return try choice(of: starts)
        case .repetition(let node, let minimum, let maximum): return try add(node, minimum, maximum, before: next)
        case .assertion(let assertion):
            switch assertion {
            case .wordBoundary, .noWordBoundary: program.asksForWords = true
            case .start, .end: break
            }
            return try add(.assertion(assertion, next: next))
        }
    }

    private mutating func add(_ set: ScalarSet, before next: Int) throws(RegularExpressionError) -> Int {
        let set = ignoresCase ? set.ignoringCase : set
        var starts: [Int] = []
        for sequence in set.ranges.flatMap({ UTF8Sequences($0).sequences }) {
            var start = next
            for range in sequence.reversed() { start = try add(.byte(range, next: start)) }
            starts.append(start)
        }
        return try choice(of: starts)
    }

    private mutating func add(_ node: Node, _ minimum: Int, _ maximum: Int?, before next: Int) throws(RegularExpressionError) -> Int {
        var start = next
        if let maximum {
            for _ in minimum..<maximum { start = try add(.split(try add(node, before: start), next)) }
        } else {
            let loop = try add(.split(next, next))
            program.instructions[loop] = .split(try add(node, before: loop), next)
            start = loop
        }
        for _ in 0..<minimum { start = try add(node, before: start) }
        return start
    }

    /// An instruction that goes on at any of these; where there is none, nothing can go on.
    private mutating func choice(of starts: [Int]) throws(RegularExpressionError) -> Int {
        guard var start = starts.last else { return try add(.split(program.instructions.count, program.instructions.count)) }
        for other in starts.dropLast().reversed() { start = try add(.split(other, start)) }
        return start
    }

    private mutating func add(_ instruction: Program.Instruction) throws(RegularExpressionError) -> Int {
        guard program.instructions.count < Self.maximumCount else {
            throw RegularExpressionError(message: "the pattern is too large", position: 1)
        }
        program.instructions.append(instruction)
        return program.instructions.count - 1
    }
}
