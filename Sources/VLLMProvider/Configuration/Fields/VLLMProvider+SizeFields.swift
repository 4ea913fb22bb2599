import Configuration
import JSON
import VLLMClient

extension VLLMProvider {
    private static let bytes = ConfigurationRange.atLeast(1)
    private static let defaultResponse = ResponseLimits()
    private static let defaultAnswer = AnswerLimits()

    /// How much of what a server sends is taken in. What is larger is an error that names the key.
    static let sizeFields = [
        ConfigurationField(
            "max_header_bytes", .int, default: 65_536, range: .between(1024, 1_048_576),
            documentation: "The most bytes of the header fields of a response; a single line of them has 100 KiB at most."),
        ConfigurationField(
            "max_body_bytes", .int, default: .integer(defaultResponse.body), range: bytes,
            documentation:
                "The most bytes of an answer that is not streamed. In memory it takes several times as much; what is not text, up to 40 times."
        ),
        ConfigurationField(
            "max_error_body_bytes", .int, default: .integer(defaultResponse.errorBody), range: bytes,
            documentation: "The most bytes of a refusal that are read; what is behind them is left."),
        ConfigurationField(
            "max_event_bytes", .int, default: .integer(defaultResponse.event), range: bytes,
            documentation:
                "The most bytes of one event of a stream. The first one of a call with return_token_ids holds the prompt's tokens."),
        ConfigurationField(
            "max_stream_bytes", .int, default: .integer(defaultResponse.stream), range: bytes,
            documentation: "The most bytes of a whole stream, comments and all. A token takes 250 bytes, and 2500 with top_logprobs: 20."),
        ConfigurationField(
            "max_answer_bytes", .int, default: .integer(defaultAnswer.bytes), range: bytes,
            documentation: "The most bytes of an answer, or all of them with n: text, reasoning, tool calls, texts of tokens, metadata."),
        ConfigurationField(
            "max_content_blocks", .int, default: .integer(defaultAnswer.blocks), range: bytes,
            documentation: "The most blocks of an answer: runs of text, runs of reasoning, tool calls."),
        ConfigurationField(
            "max_tool_calls", .int, default: .integer(defaultAnswer.toolCalls), range: .between(1, 65_536),
            documentation: "The most tool calls of an answer; of each, where n asks for several."),
        ConfigurationField(
            "max_tool_argument_bytes", .int, default: .integer(defaultAnswer.toolArguments), range: bytes,
            documentation: "The most bytes of the arguments of one tool call."),
        ConfigurationField(
            "max_answer_logprobs", .int, default: .integer(defaultAnswer.logprobs), range: bytes,
            documentation: "The most log-probabilities of an answer: of its tokens, their candidates and the prompt. Token ids count, too."),
    ]
}
