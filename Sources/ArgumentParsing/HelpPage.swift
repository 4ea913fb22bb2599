/// The help text of one command.
struct HelpPage {
    let scope: CommandScope
    let width: Int
    let boldHeadings: Bool

    var text: String {
        let options = [self.options] + scope.groups.map(options) + [globalOptions]
        let sections = [summary, usage, discussion, arguments] + options + [commands, examples, environment, exitCodes, pointer]
        return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    private var command: Command { scope.command }

    private var summary: [String] { TextWrapping.lines(command.summary, width: width) }

    private var usage: [String] { section("USAGE", ["  \(scope.line) \(scope.usageParameters)"]) }

    private var discussion: [String] {
        let blocks = TextWrapping.blocks(command.discussion).map { block in
            switch block {
            case .paragraph(let text): TextWrapping.lines(text, width: width)
            case .verbatim(let lines): lines
            }
        }
        return Array(blocks.joined(separator: [""]))
    }

    private var arguments: [String] {
        table("ARGUMENTS", command.arguments.map { ($0.usage, $0.fullHelp) })
    }

    private var options: [String] { table("OPTIONS", scope.ownOptions(under: nil).map { ($0.helpForm, $0.fullHelp) }) }

    private func options(_ group: OptionGroup) -> [String] {
        let options = scope.ownOptions(under: group)
        let note = TextWrapping.lines(group.note, width: width - 2).map { "  \($0)" }
        let list =
            group.isBrief
            ? TextWrapping.list(Self.briefForms(options), width: width - 2).map { "  \($0)" }
            : TextWrapping.table(options.map { ($0.helpForm, $0.fullHelp) }, width: width)
        return section(group.title.uppercased(), note + list)
    }

    /// Name and value of each option, a flag and its opposite as one: `--top-k N`, `--[no-]echo`.
    private static func briefForms(_ options: [Option]) -> [String] {
        let names = Set(options.map(\.displayName))
        return options.compactMap { option in
            let word = option.displayName.dropFirst(2)
            if word.hasPrefix("no-"), names.contains("--\(word.dropFirst(3))") { return nil }
            if names.contains("--no-\(word)") { return "--[no-]\(word)" }
            return option.usageForm
        }
    }

    private var globalOptions: [String] { table("GLOBAL OPTIONS", scope.inherited.map { ($0.helpForm, $0.fullHelp) }) }

    private var commands: [String] {
        let help = scope.hasHelpCommand ? [("help", "Show the help of a command.")] : []
        return table("COMMANDS", command.subcommands.map { ($0.name, $0.summary) } + help)
    }

    private var examples: [String] {
        let entries = command.examples.map { ["  # \($0.explanation)", "  \($0.line)"] }
        return section("EXAMPLES", Array(entries.joined(separator: [""])))
    }

    private var environment: [String] {
        scope.path.isEmpty ? table("ENVIRONMENT", scope.tree.allEnvironment.map { ($0.name, $0.help) }) : []
    }

    private var exitCodes: [String] {
        scope.path.isEmpty ? table("EXIT CODES", scope.tree.exitCodes.map { (String($0.code), $0.meaning) }) : []
    }

    private var pointer: [String] {
        if !command.subcommands.isEmpty { return ["See `\(scope.line) COMMAND --help` for one command."] }
        if scope.path.isEmpty || scope.tree.exitCodes.isEmpty { return [] }
        return ["See `\(scope.tree.root.name) --help` for environment variables and exit codes."]
    }

    private func table(_ title: String, _ rows: [(left: String, right: String)]) -> [String] {
        section(title, TextWrapping.table(rows, width: width))
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        if lines.isEmpty { return [] }
        return [boldHeadings ? "\u{1B}[1m\(title)\u{1B}[0m" : title] + lines
    }
}

extension CommandScope {
    /// What follows the command in its usage line.
    var usageParameters: String {
        let words = command.subcommands.isEmpty ? command.arguments.map(\.usage) : ["COMMAND"]
        return (["[OPTIONS]"] + words).joined(separator: " ")
    }
}

extension Option {
    /// As the list of options shows it, long names one below the other: `-m, --model NAME`, `    --json`.
    fileprivate var helpForm: String {
        shortNames.isEmpty ? "    \(usageForm)" : usageForm
    }

    /// The names and the value: `-m, --model NAME`.
    fileprivate var usageForm: String { names.joined(separator: ", ") + valueForm() }
}
