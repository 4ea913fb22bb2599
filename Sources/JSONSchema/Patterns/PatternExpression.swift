/// A regular expression, read.
indirect enum PatternExpression: Sendable {
    /// One character of a set.
    case character(ScalarSet)
    /// A place in the text, not a character.
    case place(Place)
    case sequence([PatternExpression])
    case alternatives([PatternExpression])
    /// At least `minimum` times and at most `maximum` times, where there is a most.
    case repeated(PatternExpression, minimum: Int, maximum: Int?)

    enum Place: Sendable {
        case start
        case end
        case wordBoundary
        case noWordBoundary
    }
}
