/// The completion script for zsh: one function a command, each a call of `_arguments`.
///
/// It works from a folder of `$fpath` (as `_NAME`) and when sourced after `compinit`.
struct ZshCompletion {
    let tree: CommandTree

    var script: String {
        let name = tree.root.name
        let main = functionName(tree.rootScope)
        return """
            #compdef \(name)

            \(tree.scopes.map(function).joined(separator: "\n\n"))

            if [[ $funcstack[1] == \(main) ]]; then
                \(main) "$@"
            else
                compdef \(main) \(name)
            fi

            """
    }

    private func functionName(_ scope: CommandScope) -> String {
        "_\(([scope.tree.root.name] + scope.path).map(\.asIdentifier).joined(separator: "__"))"
    }

    private func function(_ scope: CommandScope) -> String {
        let isGroup = !scope.command.subcommands.isEmpty
        var specifications = scope.options.map(specification)
        if isGroup {
            specifications += ["'1: :->command'", "'*:: :->rest'"]
        } else {
            specifications += scope.command.arguments.map(specification)
        }
        let call = "_arguments -s -S\(isGroup ? " -C" : "") \\\n" + specifications.map { $0.indented(2) }.joined(separator: " \\\n")
        return """
            \(functionName(scope))() {
                local curcontext="$curcontext" state line
                typeset -A opt_args
                \(call)
            \(isGroup ? dispatch(scope) : "")}
            """
    }

    private func dispatch(_ scope: CommandScope) -> String {
        var entries = scope.command.subcommands.map { "\($0.name.replacing(":", with: "\\:")):\($0.summary)".singleQuoted }
        if scope.hasHelpCommand { entries.append("'help:Show the help of a command.'") }
        var calls = scope.children.map { "\($0.command.name)) \(functionName($0)) ;;" }
        if scope.hasHelpCommand { calls.append("help) _describe command commands ;;") }
        return """
                local -a commands=(
            \(entries.map { $0.indented(2) }.joined(separator: "\n"))
                )
                case $state in
                    command) _describe command commands ;;
                    rest)
                        case $words[1] in
            \(calls.map { $0.indented(4) }.joined(separator: "\n"))
                        esac
                        ;;
                esac

            """
    }

    /// `'(-m --model)'{-m+,--model=}'[help]:NAME:action'`: the names exclude each other unless the option may be repeated.
    private func specification(_ option: Option) -> String {
        let exclusion = option.isRepeatable ? "*" : "(\(option.names.joined(separator: " ")))"
        // `=-` and `-` want the value in the same word, and `::` none at all.
        let dash = option.impliedValue == nil ? "" : "-"
        let names = option.names.map { name in
            option.hint == nil ? name : name.hasPrefix("--") ? "\(name)=\(dash)" : "\(name)\(dash.isEmpty ? "+" : dash)"
        }
        let spelled = names.count == 1 ? names[0].singleQuoted : "{\(names.joined(separator: ","))}"
        let value = option.hint.map { "\(dash.isEmpty ? "" : ":"):\(escaped(option.placeholder ?? "")):\(action($0))" } ?? ""
        return "\(exclusion.singleQuoted)\(spelled)\("[\(escaped(option.help))]\(value)".singleQuoted)"
    }

    private func specification(_ argument: Argument) -> String {
        let place = argument.isRepeatable ? "*" : argument.isOptional ? ":" : ""
        return "\(place):\(escaped(argument.name)):\(action(argument.hint))".singleQuoted
    }

    private func action(_ hint: ValueHint) -> String {
        switch hint {
        case .file: "_files"
        case .directory: "_files -/"
        case .choices(let words): "(\(words.map(\.asShellWord).joined(separator: " ")))"
        case .text, .integer, .number, .keyValue: " "
        }
    }

    /// A text between the brackets or colons of a specification.
    private func escaped(_ text: String) -> String {
        String(text.flatMap { "\\[]:".contains($0) ? ["\\", $0] : [$0] })
    }

}
