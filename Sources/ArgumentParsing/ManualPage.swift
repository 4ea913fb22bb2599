/// The manual page of a tree in the man(7) macros, for groff and mandoc.
struct ManualPage {
    let tree: CommandTree
    let date: String?

    var text: String {
        let root = tree.root
        let name = root.name
        // The date stays as it is: mandoc reads it, and knows no escapes there.
        let fields = [name.uppercased(), "1", date ?? "", source, "\(name) manual"]
        let heading = ".TH " + fields.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " ")
        let sections = [
            [heading],
            [".SH NAME", "\(Roff.line(name)) \\- \(Roff.inline(root.summary))"],
            section("SYNOPSIS", Array(synopsis.joined(separator: [".br"]))),
            section("DESCRIPTION", root.discussion.isEmpty ? [Roff.line(root.summary)] : prose(root.discussion)),
            section("OPTIONS", tree.rootScope.ownOptions.flatMap(entry)),
            section("ARGUMENTS", root.arguments.flatMap(entry)),
            section("COMMANDS", tree.scopes.dropFirst().filter(saysSomething).flatMap(command)),
            section("ENVIRONMENT", tree.allEnvironment.flatMap { Roff.entry(Roff.bold($0.name), $0.help) }),
            section("EXIT STATUS", tree.exitCodes.flatMap { Roff.entry(Roff.bold(String($0.code)), $0.meaning) }),
            section("EXAMPLES", Array(tree.scopes.flatMap(\.command.examples).map(example).joined(separator: [".PP"]))),
        ]
        return sections.joined().joined(separator: "\n") + "\n"
    }

    private var source: String { [tree.root.name, tree.version].compactMap(\.self).joined(separator: " ") }

    private var synopsis: [[String]] {
        tree.scopes.filter { $0.command.subcommands.isEmpty }.map { ["\(Roff.bold($0.line)) \(Roff.inline($0.usageParameters))"] }
    }

    /// A group whose summary is all there is to it needs no entry: its commands have theirs.
    private func saysSomething(_ scope: CommandScope) -> Bool {
        scope.command.subcommands.isEmpty || !scope.command.options.isEmpty || !scope.command.discussion.isEmpty
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [".SH \(title)"] + lines
    }

    private func command(_ scope: CommandScope) -> [String] {
        let usage = ([scope.line] + scope.command.arguments.map(\.usage)).joined(separator: " ")
        var lines = [".SS \(Roff.inline(usage))", Roff.line(scope.command.summary)]
        if !scope.command.discussion.isEmpty { lines += [".PP"] + prose(scope.command.discussion) }
        lines += scope.command.arguments.flatMap(entry)
        lines += scope.command.options.filter { $0.group == nil }.flatMap(entry)
        for group in scope.groups {
            lines += [".PP", Roff.bold(group.title)]
            if !group.note.isEmpty { lines += [".br", Roff.line(group.note)] }
            lines += scope.command.options.filter { $0.group == group }.flatMap(entry)
        }
        return lines
    }

    private func prose(_ text: String) -> [String] {
        let blocks = TextWrapping.blocks(text).map { block in
            switch block {
            case .paragraph(let text): [Roff.line(text)]
            case .verbatim(let lines): Roff.verbatim(lines)
            }
        }
        return Array(blocks.joined(separator: [".PP"]))
    }

    private func entry(_ option: Option) -> [String] {
        let names = option.names.map(Roff.bold).joined(separator: ", ")
        return Roff.entry(names + option.valueForm(Roff.italic), option.fullHelp)
    }

    private func entry(_ argument: Argument) -> [String] {
        Roff.entry(Roff.italic(argument.usage), argument.fullHelp)
    }

    private func example(_ example: Example) -> [String] {
        [Roff.line(example.explanation)] + Roff.verbatim([example.line])
    }
}
