/// A pattern as a tree.
indirect enum Node {
    case empty
    case literal(Unicode.Scalar)
    case set(ScalarSet)
    case sequence([Node])
    case alternation([Node])
    /// `maximum` is `nil` where there is none.
    case repetition(Node, minimum: Int, maximum: Int?)
    case assertion(Assertion)
}

/// Something that is true of a place and takes no text.
enum Assertion {
    case start
    case end
    case wordBoundary
    case noWordBoundary
}
