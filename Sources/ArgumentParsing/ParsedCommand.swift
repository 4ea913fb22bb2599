/// A command to run, with what was given to it. All values have passed the checks of their ``ValueHint``.
public struct ParsedCommand: Sendable, Hashable {
    /// The names from below the program down to the command: `["config", "check"]`; empty for the program itself.
    public let path: [String]
    /// The command as one types it: `vllm-host config check`.
    public let command: String
    /// The arguments in order, options taken out.
    public let arguments: [String]
    /// The values of each option by its key, in order; an empty text for each time that a flag was given.
    private let occurrences: [String: [String]]
    /// The argument right behind an option without the value that it may have, by the option's key.
    private let followers: [String: String]
    /// The keys of all options in the tree, to notice a misspelled key in the program.
    private let declaredKeys: Set<String>

    init(
        path: [String], command: String, arguments: [String], occurrences: [String: [String]], followers: [String: String] = [:],
        declaredKeys: Set<String>
    ) {
        self.path = path
        self.command = command
        self.arguments = arguments
        self.occurrences = occurrences
        self.followers = followers
        self.declaredKeys = declaredKeys
    }

    /// Whether the flag (or option) was given. `key` is ``Option/key``, here and below: the long name without dashes.
    ///
    /// An option that this command lacks but another has counts as not given, so that commands may share the code that reads options.
    /// A key that no command declares is a mistake in the program and traps in debug builds.
    public func flag(_ key: String) -> Bool { count(key) > 0 }

    /// How many times the flag (or option) was given.
    public func count(_ key: String) -> Int { values(key).count }

    /// The value of an option, the last one if it was given several times; nil if it was not given.
    public func value(_ key: String) -> String? { values(key).last }

    /// The argument right behind an option that was given without the value that it may have (`--resume WORD`); nil where there is none.
    /// Whoever forgot the `=` may have meant it for the value.
    public func argument(behind key: String) -> String? { followers[key] }

    /// All values of a repeatable option in the order given.
    public func values(_ key: String) -> [String] {
        assert(declaredKeys.contains(key), "no command declares an option with the key \(key)")
        return occurrences[key] ?? []
    }

    /// The value of an option as a whole number; nil if it was not given.
    ///
    /// - Throws: a ``UsageError`` if it is no whole number or not within `range`.
    public func int(_ key: String, in range: ClosedRange<Int> = Int.min...Int.max) throws(UsageError) -> Int? {
        guard let text = value(key) else { return nil }
        guard let number = Int(text) else { throw usageError("`\(name(key))` must be a whole number, not `\(text)`") }
        try check(number, key, in: range, limits: (.min, .max))
        return number
    }

    /// The value of an option as a number; nil if it was not given.
    ///
    /// - Throws: a ``UsageError`` if it is no finite number or not within `range`.
    public func double(
        _ key: String, in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    ) throws(UsageError) -> Double? {
        guard let text = value(key) else { return nil }
        guard let number = Double(text), number.isFinite else { throw usageError("`\(name(key))` must be a number, not `\(text)`") }
        try check(number, key, in: range, limits: (-.greatestFiniteMagnitude, .greatestFiniteMagnitude))
        return number
    }

    /// The values of a `KEY=VALUE` option, split at the first `=`, in the order given.
    public func pairs(_ key: String) -> [(name: String, value: String)] {
        values(key).map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// An error at this command, for what only the program can check: "`--dry-run` and `--curl` exclude each other".
    public func usageError(_ message: String) -> UsageError {
        UsageError(message: message, command: command)
    }

    private func name(_ key: String) -> String { key.count == 1 ? "-\(key)" : "--\(key)" }

    private func check<Number: Comparable>(
        _ number: Number, _ key: String, in range: ClosedRange<Number>, limits: (Number, Number)
    ) throws(UsageError) {
        if range.contains(number) { return }
        switch (range.lowerBound == limits.0, range.upperBound == limits.1) {
        case (_, true): throw usageError("`\(name(key))` must be at least \(range.lowerBound), not \(number)")
        case (true, false): throw usageError("`\(name(key))` must be at most \(range.upperBound), not \(number)")
        case (false, false): throw usageError("`\(name(key))` must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
        }
    }
}
