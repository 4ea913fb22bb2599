/// The command line of a program: the one declaration from which parsing, help, shell completions and the manual page come.
///
/// Every command has `--help` and `-h`; a root with subcommands has `help COMMAND`; with a version there is `--version`.
/// A declaration of the program's own under one of these names takes its place.
public struct CommandTree: Sendable, Hashable {
    /// The program itself: its name, and its commands as subcommands.
    public var root: Command
    /// The version, for `--version` and the manual page.
    public var version: String?
    /// The environment variables that the program reads, beside those named by options.
    public var environment: [EnvironmentVariable]
    /// The program's exit codes.
    public var exitCodes: [ExitCode]

    /// The command line of `root`.
    public init(_ root: Command, version: String? = nil, environment: [EnvironmentVariable] = [], exitCodes: [ExitCode] = []) {
        self.root = root
        self.version = version
        self.environment = environment
        self.exitCodes = exitCodes
    }

    /// Reads a command line.
    ///
    /// Options stand anywhere and take these forms: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`, and short flags
    /// together (`-qv`). `--` ends the options; `-` and negative numbers are values. Names are not abbreviated. A value that starts
    /// with a dash and is no number needs the form with `=`.
    ///
    /// - Parameter arguments: what follows the program's name.
    /// - Throws: a ``UsageError`` for whatever the declarations do not allow.
    public func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        var parser = Parser(tree: self, tokens: arguments)
        return try parser.parse()
    }

    /// The help of the command at `path`.
    ///
    /// - Parameters:
    ///   - path: the names below the program's own: `["config", "check"]`; empty for the program.
    ///   - width: the columns to fill, of which at least 40 and at most 100 are used.
    ///   - boldHeadings: whether headings are set in bold by terminal escape sequences.
    /// - Returns: the text, ending in a line feed; nil if there is no such command.
    public func help(for path: [String] = [], width: Int = 80, boldHeadings: Bool = false) -> String? {
        scope(at: path).map { HelpPage(scope: $0, width: min(max(width, 40), 100), boldHeadings: boldHeadings).text }
    }

    /// The script that makes `shell` complete this command line.
    public func completionScript(for shell: Shell) -> String {
        switch shell {
        case .bash: BashCompletion(tree: self).script
        case .zsh: ZshCompletion(tree: self).script
        case .fish: FishCompletion(tree: self).script
        }
    }

    /// The manual page of the whole tree, section 1, in the man(7) macros.
    ///
    /// - Parameter date: the date in the footer, as it is to appear; left out when nil, so that the text depends on nothing but the declarations.
    public func manualPage(date: String? = nil) -> String {
        ManualPage(tree: self, date: date).text
    }
}

extension CommandTree {
    /// The program with what is in force at it.
    var rootScope: CommandScope { CommandScope(tree: self, command: root, path: [], inherited: []) }

    /// The command at `path`, or nil if there is none.
    func scope(at path: [String]) -> CommandScope? {
        var scope = rootScope
        for name in path {
            guard let child = scope.child(named: name) else { return nil }
            scope = child
        }
        return scope
    }

    /// Every command, each before those below it.
    var scopes: [CommandScope] {
        func walk(_ scope: CommandScope) -> [CommandScope] { [scope] + scope.children.flatMap(walk) }
        return walk(rootScope)
    }

    /// The declared environment variables, then those that only options name.
    var allEnvironment: [EnvironmentVariable] {
        var variables = environment
        for option in scopes.flatMap(\.command.options) {
            guard let name = option.environment, !variables.contains(where: { $0.name == name }) else { continue }
            variables.append(EnvironmentVariable(name, "Used where \(option.displayName) is not given."))
        }
        return variables
    }
}
