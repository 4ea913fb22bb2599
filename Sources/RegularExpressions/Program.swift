/// A pattern as instructions for an automaton that may be in many states at once (Thompson's construction).
struct Program: Sendable {
    enum Instruction: Sendable {
        /// Goes on at `next` with a byte from `range`.
        case byte(ClosedRange<UInt8>, next: Int)
        /// Goes on at both without a byte.
        case split(Int, Int)
        /// Goes on where the place is as it must be.
        case assertion(Assertion, next: Int)
        case match
    }

    var instructions: [Instruction] = []
    var start = 0
    /// Whether any place is asked about the characters at its sides.
    var asksForWords = false
}
