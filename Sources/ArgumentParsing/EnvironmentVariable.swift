/// An environment variable that the program reads, for help and the manual page.
public struct EnvironmentVariable: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// What it does, in a sentence.
    public var help: String

    /// The variable `name`.
    public init(_ name: String, _ help: String) {
        self.name = name
        self.help = help
    }
}
