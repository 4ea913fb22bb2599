/// A command line worth showing, and what it does.
public struct Example: Sendable, Hashable {
    /// The whole line as one types it, program name included.
    public var line: String
    /// What it does, in a few words.
    public var explanation: String

    /// An example of `line`.
    public init(_ line: String, _ explanation: String) {
        self.line = line
        self.explanation = explanation
    }
}
