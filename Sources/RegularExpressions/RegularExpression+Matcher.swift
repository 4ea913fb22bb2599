extension RegularExpression {
    /// Says of many texts, quickly, whether they match: an automaton that is in one state at a time, whose states are found as texts lead to them.
    ///
    /// What it has found is forgotten when it becomes too much, so that its memory is bounded.
    public struct Matcher: ~Copyable {
        private static let maximumStates = 4096
        private static let unknown: Int32 = -1

        private let program: Program
        /// The instructions that each state stands for, those that wait for a byte, the end, or are a match; in order.
        private var states: [[Int]] = []
        private var numbers: [[Int]: Int32] = [:]
        private var matches: [Bool] = []
        private var matchesAtEnd: [Bool] = []
        /// The state behind each, for each byte.
        private var transitions: [Int32] = []

        /// A matcher for an expression.
        public init(_ expression: RegularExpression) {
            program = expression.program
        }

        /// Whether there is a match anywhere in the text.
        public mutating func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
            if program.asksForWords { return Simulation(program: program).firstMatch(in: text) != nil }
            if states.isEmpty { begin() }
            var state = 0
            for byte in text {
                if matches[state] { return true }
                let known = transitions[state << 8 | Int(byte)]
                state = known == Self.unknown ? advance(state, byte) : Int(known)
            }
            return matches[state] || matchesAtEnd[state]
        }

        private mutating func begin() {
            var set: Set<Int> = []
            follow(program.start, isAtStart: true, isAtEnd: false, into: &set)
            _ = number(of: set)
        }

        /// Finds the state behind `state` for a byte.
        private mutating func advance(_ state: Int, _ byte: UInt8) -> Int {
            var set: Set<Int> = []
            for instruction in states[state] {
                if case .byte(let range, let next) = program.instructions[instruction], range.contains(byte) {
                    follow(next, isAtStart: false, isAtEnd: false, into: &set)
                }
            }
            // A match may begin anywhere.
            follow(program.start, isAtStart: false, isAtEnd: false, into: &set)
            if states.count >= Self.maximumStates {
                forget()
                return Int(number(of: set))
            }
            let next = number(of: set)
            transitions[state << 8 | Int(byte)] = next
            return Int(next)
        }

        private mutating func forget() {
            states.removeAll()
            numbers.removeAll()
            matches.removeAll()
            matchesAtEnd.removeAll()
            transitions.removeAll()
            begin()
        }

        private mutating func number(of set: Set<Int>) -> Int32 {
            let state = set.sorted()
            if let number = numbers[state] { return number }
            let number = Int32(states.count)
            numbers[state] = number
            states.append(state)
            var atEnd: Set<Int> = []
            for instruction in state { follow(instruction, isAtStart: false, isAtEnd: true, into: &atEnd) }
            matches.append(state.contains { isMatch($0) })
            matchesAtEnd.append(atEnd.contains { isMatch($0) })
            transitions.append(contentsOf: repeatElement(Self.unknown, count: 256))
            return number
        }

        private func isMatch(_ instruction: Int) -> Bool {
            if case .match = program.instructions[instruction] { true } else { false }
        }

        /// Adds an instruction and all that is reached from it without a byte.
        private func follow(_ instruction: Int, isAtStart: Bool, isAtEnd: Bool, into set: inout Set<Int>) {
            var seen: Set<Int> = []
            var pending = [instruction]
            while let instruction = pending.popLast() {
                guard seen.insert(instruction).inserted else { continue }
                switch program.instructions[instruction] {
                case .byte, .match: set.insert(instruction)
                case .split(let left, let right): pending += [left, right]
                case .assertion(.start, let next): if isAtStart { pending.append(next) }
                case .assertion(.end, let next):
                    set.insert(instruction)
                    if isAtEnd { pending.append(next) }
                case .assertion: break
                }
            }
        }
    }
}
