import Configuration

/// How much an answer may come to in memory, over all of its choices. The server's word for how long it is counts for nothing.
struct AnswerLimits: Sendable, Hashable {
    /// `max_answer_bytes`: of texts, reasoning, tool calls, the texts of tokens with log-probabilities, and what else the server
    /// says of the answer.
    var bytes = 64 << 20
    /// `max_content_blocks`.
    var blocks = 10_000
    /// `max_tool_calls`, of one choice.
    var toolCalls = 1024
    /// `max_tool_argument_bytes`, of one call.
    var toolArguments = 8 << 20
    /// `max_answer_logprobs`: of tokens, candidates and the prompt; ids of tokens count, too.
    var logprobs = 4_000_000

    /// The defaults.
    init() {}

    /// The limits of a configuration.
    init(_ values: ConfigurationValues) {
        bytes = values.int("max_answer_bytes") ?? bytes
        blocks = values.int("max_content_blocks") ?? blocks
        toolCalls = values.int("max_tool_calls") ?? toolCalls
        toolArguments = values.int("max_tool_argument_bytes") ?? toolArguments
        logprobs = values.int("max_answer_logprobs") ?? logprobs
    }
}
