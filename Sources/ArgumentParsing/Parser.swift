import Suggestions

/// Reads one command line, token by token, against a tree.
struct Parser {
    private let tree: CommandTree
    private var tokens: ArraySlice<String>
    private var scope: CommandScope
    private var occurrences: [String: [String]] = [:]
    private var arguments: [String] = []
    private var optionsEnded = false
    /// The arguments that stand right behind an option that was given without the value that it may have, by its key.
    private var followers: [String: String] = [:]
    /// That option, until the next word.
    private var bareOption: Option?
    /// Set as soon as help or the version is asked for: what follows is not looked at.
    private var builtIn: Invocation?

    init(tree: CommandTree, tokens: [String]) {
        self.tree = tree
        self.tokens = tokens[...]
        scope = tree.rootScope
    }

    mutating func parse() throws(UsageError) -> Invocation {
        while let token = tokens.popFirst() {
            let bare = bareOption.take()
            if optionsEnded || !readsAsOption(token) {
                try takeWord(token, behind: bare)
            } else if token == "--" {
                optionsEnded = true
            } else if token.hasPrefix("--") {
                try takeLong(token)
            } else {
                try takeShort(token)
            }
            if let builtIn { return builtIn }
        }
        try checkCompleteness()
        var declaredKeys: Set<String> = []
        // They are looked at in debug builds alone, and cost as much as all the rest.
        assert(
            {
                declaredKeys = Set(tree.scopes.flatMap(\.options).map(\.key))
                return true
            }())
        return .run(
            ParsedCommand(
                path: scope.path, command: scope.line, arguments: arguments, occurrences: occurrences, followers: followers,
                declaredKeys: declaredKeys))
    }

    /// Whether a token is an option rather than a value: it starts with a dash, and is neither `-` alone, nor a negative number,
    /// nor text such as "- an item of a list".
    private func readsAsOption(_ token: String) -> Bool {
        guard token.hasPrefix("-"), let second = token.dropFirst().first, !second.isWhitespace else { return false }
        return Double(token) == nil || scope.option(named: "-\(second)") != nil
    }

    // MARK: Words

    private mutating func takeWord(_ word: String, behind bare: Option?) throws(UsageError) {
        guard !scope.command.subcommands.isEmpty else {
            try takeArgument(word, behind: bare)
            if let bare { followers[bare.key] = word }
            return
        }
        if let child = scope.child(named: word) {
            scope = child
        } else if word == "help", scope.hasHelpCommand {
            try takeHelpPath()
        } else {
            throw scope.error("unknown command `\(word)`", suggestion: nearest(to: word, among: scope.commandNames))
        }
    }

    private mutating func takeHelpPath() throws(UsageError) {
        while let name = tokens.popFirst() {
            guard let child = scope.child(named: name) else {
                let suggestion = nearest(to: name, among: scope.command.subcommands.map(\.name))
                throw scope.error("`\(scope.line)` has no command `\(name)`", suggestion: suggestion)
            }
            scope = child
        }
        builtIn = .help(scope.path)
    }

    private mutating func takeArgument(_ text: String, behind bare: Option?) throws(UsageError) {
        let declared = scope.command.arguments
        let place = declared.last?.isRepeatable == true ? min(arguments.count, declared.count - 1) : arguments.count
        guard place < declared.count else {
            let most = declared.isEmpty ? "no arguments" : declared.count == 1 ? "one argument" : "at most \(declared.count) arguments"
            throw scope.error(
                "unexpected argument `\(text)`: `\(scope.line)` takes \(most)", suggestion: bare.map { "\($0.displayName)=\(text)" })
        }
        if let problem = declared[place].hint.problem(with: text) {
            throw scope.error("\(declared[place].name) \(problem.clause)", suggestion: problem.better)
        }
        arguments.append(text)
    }

    private func checkCompleteness() throws(UsageError) {
        if !scope.command.subcommands.isEmpty {
            let names = scope.command.subcommands.map(\.name).joined(separator: ", ")
            throw scope.error("`\(scope.line)` needs a command: \(names)")
        }
        if let missing = scope.command.arguments.dropFirst(arguments.count).first(where: { !$0.isOptional }) {
            throw scope.error("missing argument \(missing.name)")
        }
    }

    // MARK: Options

    private mutating func takeLong(_ token: String) throws(UsageError) {
        let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = scope.option(named: name) else { throw unknownOption(name) }
        try take(option, calledAs: name, attached: parts.count > 1 ? String(parts[1]) : nil)
    }

    private mutating func takeShort(_ token: String) throws(UsageError) {
        var letters = token.dropFirst()
        while let letter = letters.popFirst() {
            let name = "-\(letter)"
            guard let option = scope.option(named: name) else {
                let isWhole = letters.isEmpty && token.count == 2
                let long = scope.option(named: "-\(token)")?.displayName
                throw isWhole ? unknownOption(name) : scope.error("unknown option `\(name)` in `\(token)`", suggestion: long)
            }
            let equals = letters.first == "="
            if option.kind == .flag, !equals {
                try take(option, calledAs: name, attached: nil)
            } else {
                let attached = letters.isEmpty ? nil : String(equals ? letters.dropFirst() : letters)
                try take(option, calledAs: name, attached: attached)
                return
            }
        }
    }

    /// Notes an option whose value may be attached to it or follow it.
    private mutating func take(_ option: Option, calledAs name: String, attached: String?) throws(UsageError) {
        guard let hint = option.hint else {
            if let attached { throw scope.error("`\(name)` takes no value, but was given `\(attached)`") }
            builtIn = builtIn ?? scope.builtIns.first { $0.option == option }?.invocation
            return occurrences[option.key, default: []].append("")
        }
        if attached == nil, option.impliedValue != nil { bareOption = option }
        let value = if let value = attached ?? option.impliedValue { value } else { try followingValue(of: option, calledAs: name) }
        if let problem = hint.problem(with: value) {
            throw scope.error("`\(name)` \(problem.clause)", suggestion: problem.better.map { "\(name) \($0)" })
        }
        occurrences[option.key, default: []].append(value)
    }

    private mutating func followingValue(of option: Option, calledAs name: String) throws(UsageError) -> String {
        let placeholder = option.placeholder ?? ""
        guard let next = tokens.first else { throw scope.error("`\(name)` needs a value: \(name) \(placeholder)") }
        if readsAsOption(next) {
            let way = name.hasPrefix("--") ? "\(name)=\(next)" : "\(name)\(next)"
            throw scope.error("`\(name)` needs a value, but `\(next)` follows; if that is the value, write `\(way)`")
        }
        tokens.removeFirst()
        return next
    }

    private func unknownOption(_ name: String) -> UsageError {
        let below = tree.scopes.filter { $0.path.count > scope.path.count && $0.path.starts(with: scope.path) }
        if let owner = below.first(where: { $0.option(named: name) != nil }) {
            return scope.error("`\(name)` is an option of a command and stands behind it: `\(owner.line) \(name)`")
        }
        // Among one-letter names everything is one letter away; and the opposite of what was typed was not meant.
        let names = scope.options.flatMap(\.longNames).filter { "--no-\($0.dropFirst(2))" != name && "--no-\(name.dropFirst(2))" != $0 }
        let suggestion = name.hasPrefix("--") ? nearest(to: name, among: names) : nil
        let way = suggestion == nil && !scope.command.arguments.isEmpty ? " (put `--` before an argument that starts with a dash)" : ""
        return scope.error("unknown option `\(name)`\(way)", suggestion: suggestion)
    }
}
