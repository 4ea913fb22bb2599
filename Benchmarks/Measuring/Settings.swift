/// The settings of a measurement, given as `name=value` arguments: the programs of a benchmark are started by scripts.
public struct Settings: Sendable {
    private let values: [String: String]

    /// Reads the arguments of the command line behind the name of the measurement.
    /// - Parameter known: the names that there are; another one ends the program with 64.
    public init(_ arguments: some Sequence<String>, known: [String]) {
        var values: [String: String] = [:]
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, known.contains(parts[0]) else {
                stop("\(argument) is none of \(known.map { "\($0)=…" }.joined(separator: " "))")
            }
            values[parts[0]] = parts[1]
        }
        self.values = values
    }

    /// The text of a setting.
    public func text(_ name: String, _ usual: String) -> String { values[name] ?? usual }

    /// The text of a setting that is one of `choices`, of which the first is usual; anything else ends the program with 64.
    public func choice(_ name: String, _ choices: [String]) -> String {
        let value = text(name, choices[0])
        guard choices.contains(value) else { stop("\(name)=\(value) is none of \(choices.joined(separator: ", "))") }
        return value
    }

    /// The number of a setting, at least 0; anything else ends the program with 64.
    public func count(_ name: String, _ usual: Int) -> Int {
        guard let value = values[name] else { return usual }
        guard let count = Int(value), count >= 0 else { stop("\(name)=\(value) is no number") }
        return count
    }

    /// Whether a setting is `1`.
    public func flag(_ name: String) -> Bool { count(name, 0) == 1 }
}
