/// What a command line asks for.
public enum Invocation: Sendable, Hashable {
    /// Run a command.
    case run(ParsedCommand)
    /// Show the help of the command at this path (names below the program's own; empty for the program).
    case help([String])
    /// Show the version.
    case version
}
