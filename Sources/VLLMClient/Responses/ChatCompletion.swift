public import JSON

/// An answer of `/v1/chat/completions` (vLLM 0.32). Fields that the server left out or set to null are `nil`; fields unknown here are in `raw`.
public struct ChatCompletion: Sendable, Hashable {
    /// The answer's id: `chatcmpl-` and the request's id.
    public var id: String?
    /// When the request arrived, in seconds since 1970.
    public var created: Int?
    /// The model that answered.
    public var model: String?
    /// The answers, as many as `n` asked for.
    public var choices: [Choice]
    /// How many tokens were read and generated.
    public var usage: CompletionUsage?
    /// The server's version and configuration: `vllm-0.32.0-…`.
    public var systemFingerprint: String?
    /// OpenAI's service tier; null in vLLM.
    public var serviceTier: String?
    /// The log-probabilities of the prompt's tokens, where `prompt_logprobs` asked for them.
    public var promptLogprobs: PromptLogprobs?
    /// The prompt's token ids, where `return_token_ids` asked for them.
    public var promptTokenIDs: [Int]?
    /// The prompt's text, where `return_prompt_text` asked for it.
    public var promptText: String?
    /// What a connector that moves the key-value cache says.
    public var kvTransferParams: JSONValue?
    /// What a connector that moves the encoder cache says.
    public var ecTransferParams: JSONValue?
    /// Timings of the request in milliseconds, of servers with `--enable-per-request-metrics`.
    public var metrics: JSONValue?
    /// What else the server says: members unknown here that are not null.
    public var additional: JSONObject = [:]
    /// The whole answer as it came: read at each look at it.
    public var raw: JSONObject {
        get { answer.object }
        set { answer = AnswerText(newValue) }
    }
    var answer: AnswerText

    /// One answer.
    public struct Choice: Sendable, Hashable {
        /// Which of the `n` answers this is.
        public var index: Int
        /// What the model said.
        public var message: Message
        /// The log-probabilities of all tokens, those of thinking and markup included.
        public var logprobs: TokenLogprobs?
        /// Why it ended: `stop`, `length`, `tool_calls`, `abort`, `repetition`. With a named tool choice it is `stop` in spite of calls.
        public var finishReason: String?
        /// What ended it: a stop text (string), a stop token (integer), or nothing in particular.
        public var stopReason: JSONValue?
        /// The answer's token ids, where `return_token_ids` asked for them.
        public var tokenIDs: [Int]?
        /// The experts that each token was routed to, where the server tells them.
        public var routedExperts: JSONValue?
        /// What else the server says of it: members unknown here that are not null.
        public var additional: JSONObject = [:]
    }

    /// What the model said.
    public struct Message: Sendable, Hashable {
        /// Whose message it is: `assistant`.
        public var role: String?
        /// The text; null when there are only tool calls or the answer was cut within the thinking.
        public var content: String?
        /// The thinking: `reasoning`, which vLLM up to 0.15 called `reasoning_content`.
        public var reasoning: String?
        /// The calls; empty when there are none.
        public var toolCalls: [ToolCall]
        /// A refusal; null in vLLM.
        public var refusal: String?
        /// OpenAI's annotations; null in vLLM.
        public var annotations: JSONValue?
        /// OpenAI's audio; null in vLLM.
        public var audio: JSONValue?
        /// OpenAI's old form of a call; null in vLLM.
        public var functionCall: FunctionCall?
        /// What else the server says of it: members unknown here that are not null.
        public var additional: JSONObject = [:]
    }

    /// OpenAI's old form of a call, of which a message has one at most.
    public struct FunctionCall: Sendable, Hashable {
        /// The function's name.
        public var name: String?
        /// The arguments as the model wrote them, or more of them.
        public var arguments: String?
    }

    /// A call of a tool.
    public struct ToolCall: Sendable, Hashable {
        /// The call's id: `chatcmpl-tool-` and 16 hexadecimal digits.
        public var id: String?
        /// `function`.
        public var type: String?
        /// The function's name.
        public var name: String
        /// The arguments as the model wrote them: JSON text, which need not be whole or valid.
        public var arguments: String
    }
}
