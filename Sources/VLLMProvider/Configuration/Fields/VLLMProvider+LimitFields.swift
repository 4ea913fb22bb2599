import Configuration
import JSON

extension VLLMProvider {
    /// How long prompts and answers may be. The server's own limits are found out; of two numbers the smaller one counts.
    static let limitFields = [
        ConfigurationField(
            "context_window", .int, range: .atLeast(1),
            documentation: "The most tokens of prompt and answer together, where they are to be fewer than the server's."),
        ConfigurationField(
            "max_output_tokens", .int, range: .atLeast(1),
            documentation: "The most tokens of any answer: a larger max_tokens is lowered to it."),
        continuationField,
    ]

    /// What a call may set for itself, too.
    static let continuationField = ConfigurationField(
        // A number comes first: 1 is one round, and not `true`.
        "continuation", .oneOf([.int, .bool]), default: false, range: .between(0, 100),
        documentation:
            "Goes on with answers that max_tokens has cut: true for up to 5 more rounds, or how many there may be at most. Usage counts "
            + "the prompt of every round.")
}
