/// Why a command line cannot be run. A program prints it on standard error and ends with exit code 64.
public struct UsageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in a clause without a full stop: "unknown option `--modle`".
    public var message: String
    /// What the user may have meant, as it is to be typed: `--model`.
    public var suggestion: String?
    /// The command at which parsing stopped, as one types it: `vllm-host run`.
    public var command: String

    /// An error at `command`.
    public init(message: String, suggestion: String? = nil, command: String) {
        self.message = message
        self.suggestion = suggestion
        self.command = command
    }

    /// The message, the suggestion, and on a line of its own where to read more.
    public var description: String {
        let question = suggestion.map { "; did you mean `\($0)`?" } ?? "."
        return "\(message)\(question)\nSee `\(command) --help`."
    }
}
