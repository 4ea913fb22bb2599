/// The completion script for bash, readable by the bash 3.2 that macOS has: no `mapfile`, and `compopt` only where it exists.
///
/// The script walks the words before the cursor to know the command and whether a value is due, then offers what may stand there.
/// bash splits words at `=`, so `--name=value` comes as three.
struct BashCompletion {
    let tree: CommandTree

    private var function: String { "_\(tree.root.name.asIdentifier)" }

    var script: String {
        let scopes = tree.scopes
        let walk = """
            # bash completion for \(tree.root.name)
            \(function)() {
                local command=\(tree.root.name.singleQuoted) kind='' ended='' arguments=0 index word
                local current="${COMP_WORDS[COMP_CWORD]}" prefix=''
                local -a words
                words=()
                COMPREPLY=()
                for ((index = 1; index < COMP_CWORD; index++)); do
                    word="${COMP_WORDS[index]}"
                    if [[ $word == '=' ]]; then
                        kind="${kind:-text}"
                    elif [[ -n $kind ]]; then
                        kind=''
                    elif [[ $word == '--' ]]; then
                        ended=1
                    elif [[ -z $ended && $word == -?* ]]; then
                        \(function)_option "$word"
                    elif ! \(function)_descend "$word"; then
                        arguments=$((arguments + 1))
                    fi
                done
                if [[ $current == '=' ]]; then
                    kind="${kind:-text}"
                    current=''
                elif [[ -z $kind && -z $ended && $current == --*=* ]]; then
                    \(function)_option "${current%%=*}"
                    kind="${kind:-text}"
                    prefix="${current%%=*}="
                    current="${current#*=}"
                fi
                if [[ -z $kind ]]; then
                    if [[ -z $ended && $current == -* ]]; then
                        \(function)_options
                    else
                        \(function)_argument
                    fi
                fi
                case "$kind" in
                    file) \(function)_paths default -f ;;
                    directory) \(function)_paths dirnames -d ;;
                    words)
                        for word in "${words[@]}"; do
                            if [[ $word == "$current"* ]]; then COMPREPLY+=("$prefix$(printf '%q' "$word")"); fi
                        done
                        ;;
                esac
            }
            """
        let paths = """
            # Leaves names of files to bash, which knows how to quote them, where it can be asked to.
            \(function)_paths() {
                if [[ -n $prefix ]] || ! compopt -o "$1" 2>/dev/null; then
                    while IFS= read -r word; do COMPREPLY+=("$prefix$word"); done < <(compgen "$2" -- "$current")
                fi
            }
            """
        let descents = scopes.dropFirst().map { "\($0.line.singleQuoted)) command=\($0.line.singleQuoted) ;;" }
        let values = scopes.flatMap { scope in
            scope.options.flatMap { option in
                option.followingHint.map { hint in option.names.map { "\("\(scope.line) \($0)".singleQuoted)) \(offer(hint)) ;;" } } ?? []
            }
        }
        let options = scopes.map { "\($0.line.singleQuoted)) \(offer($0.options.flatMap(\.names))) ;;" }
        let arguments = scopes.flatMap(argumentCases)
        return [
            walk,
            paths,
            function("descend", over: "\"$command $1\"", descents, otherwise: "return 1"),
            function("option", over: "\"$command $1\"", values),
            function("options", over: "\"$command\"", options),
            function("argument", over: "\"$command:$arguments\"", arguments),
            "complete -F \(function) \(tree.root.name)",
        ].joined(separator: "\n\n") + "\n"
    }

    /// What to offer by place: the commands of a group (behind `help` too), or each argument's values, the last one's on and on if it
    /// is repeatable.
    private func argumentCases(_ scope: CommandScope) -> [String] {
        let anywhere = "\("\(scope.line):".singleQuoted)*"
        if !scope.command.subcommands.isEmpty { return ["\(anywhere)) \(offer(scope.commandNames)) ;;"] }
        return scope.command.arguments.enumerated().map { place, argument in
            "\(argument.isRepeatable ? anywhere : "\(scope.line):\(place)".singleQuoted)) \(offer(argument.hint)) ;;"
        }
    }

    private func offer(_ hint: ValueHint) -> String {
        switch hint {
        case .file: "kind=file"
        case .directory: "kind=directory"
        case .choices(let words): offer(words)
        case .text, .integer, .number, .keyValue: "kind=text"
        }
    }

    private func offer(_ words: [String]) -> String {
        "kind=words words=(\(words.map(\.singleQuoted).joined(separator: " ")))"
    }

    private func function(_ suffix: String, over subject: String, _ cases: [String], otherwise: String? = nil) -> String {
        let all = cases + (otherwise.map { ["*) \($0) ;;"] } ?? [])
        return """
            \(function)_\(suffix)() {
                case \(subject) in
            \(all.map { $0.indented(2) }.joined(separator: "\n"))
                esac
            }
            """
    }
}
