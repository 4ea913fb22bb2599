extension CommandTree {
    /// What is contradictory in the declarations, one sentence each; empty when all is well. For a program's own tests.
    public var declarationProblems: [String] {
        scopes.flatMap { scope in
            (optionProblems(scope) + argumentProblems(scope.command) + commandProblems(scope.command)).map { "`\(scope.line)`: \($0)" }
        }
    }

    private func optionProblems(_ scope: CommandScope) -> [String] {
        var problems: [String] = []
        var seen: Set<String> = []
        for option in scope.command.options + scope.inherited {
            if option.names.isEmpty { problems.append("an option has no name") }
            for name in option.names {
                if !isOptionName(name) { problems.append("`\(name)` is no name of an option: -x or --xyz is expected") }
                if !seen.insert(name).inserted { problems.append("the option `\(name)` is declared twice") }
            }
            if option.hint == .choices([]) { problems.append("the option `\(option.displayName)` has no choices") }
        }
        return problems
    }

    private func isOptionName(_ name: String) -> Bool {
        let isLong = name.hasPrefix("--")
        let word = name.dropFirst(isLong ? 2 : 1)
        guard name.hasPrefix("-"), word.first?.isLetter == true || word.first?.isNumber == true else { return false }
        return isLong ? word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } : word.count == 1
    }

    private func argumentProblems(_ command: Command) -> [String] {
        var problems: [String] = []
        for (argument, next) in zip(command.arguments, command.arguments.dropFirst()) {
            if argument.isRepeatable { problems.append("\(argument.name) takes all arguments, and \(next.name) stands behind it") }
            if argument.isOptional, !next.isOptional { problems.append("\(argument.name) is optional, and \(next.name) behind it is not") }
        }
        for argument in command.arguments where argument.hint == .choices([]) { problems.append("\(argument.name) has no choices") }
        if !command.arguments.isEmpty, !command.subcommands.isEmpty { problems.append("it has arguments and subcommands") }
        return problems
    }

    private func commandProblems(_ command: Command) -> [String] {
        var problems = command.summary.isEmpty ? ["it has no summary"] : []
        var seen: Set<String> = []
        for name in command.subcommands.map(\.name) where !seen.insert(name).inserted {
            problems.append("the command `\(name)` is declared twice")
        }
        return problems
    }
}
