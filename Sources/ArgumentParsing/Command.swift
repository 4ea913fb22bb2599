/// A command: something to run, or a group of commands below it.
///
/// It only declares. What runs is the program's choice, by the path of the ``ParsedCommand``.
public struct Command: Sendable, Hashable {
    /// The word that calls it.
    public var name: String
    /// What it does, in one line.
    public var summary: String
    /// More about it. Paragraphs are separated by empty lines; a line that starts with a space is kept as it is.
    public var discussion: String
    /// What it takes by place. A command with subcommands takes none.
    public var arguments: [Argument]
    /// What it takes by name.
    public var options: [Option]
    /// The commands below it. Where there are any, one of them must be named.
    public var subcommands: [Command]
    /// Command lines worth showing.
    public var examples: [Example]

    /// A command; see the properties for the parameters.
    public init(
        _ name: String, summary: String, discussion: String = "", arguments: [Argument] = [], options: [Option] = [],
        subcommands: [Command] = [], examples: [Example] = []
    ) {
        self.name = name
        self.summary = summary
        self.discussion = discussion
        self.arguments = arguments
        self.options = options
        self.subcommands = subcommands
        self.examples = examples
    }
}
