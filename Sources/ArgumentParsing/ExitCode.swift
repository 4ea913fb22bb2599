/// An exit code of the program and its meaning, for help and the manual page.
public struct ExitCode: Sendable, Hashable {
    /// The number, 0 to 255.
    public var code: Int
    /// When the program ends with it.
    public var meaning: String

    /// The code `code`.
    public init(_ code: Int, _ meaning: String) {
        self.code = code
        self.meaning = meaning
    }
}
