/// A command at its place in the tree, with the options that are in force there.
struct CommandScope {
    let tree: CommandTree
    let command: Command
    /// The names from below the program down to the command.
    let path: [String]
    /// The options that commands above pass down.
    let inherited: [Option]

    /// The command as one types it: `vllm-host config check`.
    var line: String { ([tree.root.name] + path).joined(separator: " ") }

    /// `--help` and `--version` with what they ask for, less the names that a declaration has taken.
    var builtIns: [(option: Option, invocation: Invocation)] {
        let taken = Set((command.options + inherited).flatMap(\.names))
        var builtIns = [(option: Option.flag("-h", "--help", help: "Show this help."), invocation: Invocation.help(path))]
        if path.isEmpty, tree.version != nil { builtIns.append((.flag("--version", help: "Show the version."), .version)) }
        for index in builtIns.indices { builtIns[index].option.names.removeAll { taken.contains($0) } }
        return builtIns.filter { !$0.option.names.isEmpty }
    }

    /// What the command declares, then what is built in.
    var ownOptions: [Option] { command.options + builtIns.map(\.option) }

    var options: [Option] { ownOptions + inherited }

    /// The own options under a heading; those under none for nil.
    func ownOptions(under group: OptionGroup?) -> [Option] { ownOptions.filter { $0.group == group } }

    /// The headings of the own options, in the order of their first options.
    var groups: [OptionGroup] {
        command.options.compactMap(\.group).reduce(into: []) { groups, group in
            if !groups.contains(group) { groups.append(group) }
        }
    }

    var children: [CommandScope] {
        let passedDown = inherited + command.options.filter(\.isInherited)
        return command.subcommands.map { CommandScope(tree: tree, command: $0, path: path + [$0.name], inherited: passedDown) }
    }

    func child(named name: String) -> CommandScope? {
        children.first { $0.command.name == name }
    }

    /// The option with this name, dashes included.
    func option(named name: String) -> Option? {
        command.options.first { $0.names.contains(name) } ?? inherited.first { $0.names.contains(name) }
            ?? builtIns.first { $0.option.names.contains(name) }?.option
    }

    /// Whether `help COMMAND` is built in here.
    var hasHelpCommand: Bool { path.isEmpty && !command.subcommands.isEmpty && child(named: "help") == nil }

    /// The words that may follow here to name a command.
    var commandNames: [String] { command.subcommands.map(\.name) + (hasHelpCommand ? ["help"] : []) }

    func error(_ message: String, suggestion: String? = nil) -> UsageError {
        UsageError(message: message, suggestion: suggestion, command: line)
    }
}
