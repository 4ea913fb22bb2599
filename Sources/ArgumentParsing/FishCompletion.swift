/// The completion script for fish: a function that tells which command the line is at, and one `complete` line for each thing to offer.
struct FishCompletion {
    let tree: CommandTree

    private var function: String { "__\(tree.root.name.asIdentifier)_command" }

    var script: String {
        let scopes = tree.scopes
        let valued = scopes.flatMap { scope in
            scope.options.filter { $0.followingHint != nil }.flatMap(\.names).map { "\(scope.line) \($0)" }
        }
        let helper = """
            # fish completion for \(tree.root.name)
            function \(function)
                set -l command \(quoted(tree.root.name))
                set -l value_due 0
                for word in (commandline -opc)[2..-1]
                    if test $value_due = 1
                        set value_due 0
                        continue
                    end
                    switch "$command $word"
            \(branch(scopes.dropFirst().map(\.line), "set command \"$command $word\""))
            \(branch(valued, "set value_due 1"))
                    end
                end
                echo $command
            end

            complete -c \(tree.root.name) -f
            """
        return helper + "\n" + scopes.flatMap(lines).joined(separator: "\n") + "\n"
    }

    private func branch(_ patterns: [String], _ action: String) -> String {
        if patterns.isEmpty { return "" }
        return ["case \(patterns.map(quoted).joined(separator: " "))".indented(3), action.indented(4)].joined(separator: "\n")
    }

    private func lines(_ scope: CommandScope) -> [String] {
        let condition = "test (\(function)) = \(quoted(scope.line))"
        let start = "complete -c \(tree.root.name) -n \(quoted(condition))"
        var lines = scope.command.subcommands.map { "\(start) -a \(quoted($0.name)) -d \(quoted($0.summary))" }
        if scope.hasHelpCommand { lines.append("\(start) -a help -d 'Show the help of a command.'") }
        for option in scope.options {
            let names = option.shortNames.map { "-s \($0.dropFirst())" } + option.longNames.map { "-l \($0.dropFirst(2))" }
            let value = option.followingHint.map { " \(offer($0))" } ?? ""
            lines.append("\(start) \(names.joined(separator: " "))\(value) -d \(quoted(option.help))")
        }
        for argument in scope.command.arguments {
            switch argument.hint {
            case .file: lines.append("\(start) -F")
            case .directory, .choices: lines.append("\(start) \(offer(argument.hint).dropFirst(3))")
            case .text, .integer, .number, .keyValue: break
            }
        }
        return lines
    }

    /// What follows an option: `-x` wants a value and offers no files.
    private func offer(_ hint: ValueHint) -> String {
        switch hint {
        case .file: "-r -F"
        case .directory: "-x -a '(__fish_complete_directories)'"
        case .choices(let words): "-x -a \(quoted(words.map(\.asShellWord).joined(separator: " ")))"
        case .text, .integer, .number, .keyValue: "-x"
        }
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
