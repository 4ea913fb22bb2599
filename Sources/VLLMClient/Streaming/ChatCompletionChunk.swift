public import JSON

/// One event of a streamed `/v1/chat/completions` (vLLM 0.32).
///
/// An event is not a token: it may hold the text of several, or of none. The first event of each choice has the role, the last one the
/// finish reason, and an event with the usage alone has no choices.
public struct ChatCompletionChunk: Sendable, Hashable {
    /// The answer's id, the same in all events.
    public var id: String?
    /// When the request arrived, in seconds since 1970.
    public var created: Int?
    /// The model that answers.
    public var model: String?
    /// What came, by choice; may be empty.
    public var choices: [Choice]
    /// The usage: in an event of its own at the end, or in every event, as `StreamOptions` asked for.
    public var usage: CompletionUsage?
    /// The server's version and configuration, in the last event (vLLM 0.21 and later).
    public var systemFingerprint: String?
    /// The prompt's token ids, in the first event, where `return_token_ids` asked for them.
    public var promptTokenIDs: [Int]?
    /// The prompt's text, in the first event, where `return_prompt_text` asked for it.
    public var promptText: String?
    /// Timings of the request in milliseconds, of servers with `--enable-per-request-metrics`.
    public var metrics: JSONValue?
    /// What else the server says: members unknown here that are not null.
    public var additional: JSONObject = [:]
    /// The whole event as it came, when the call asked for it.
    public var raw: JSONObject?

    /// What came of one choice.
    public struct Choice: Sendable, Hashable {
        /// Which of the `n` answers this is.
        public var index: Int
        /// What is new.
        public var delta: Delta
        /// The log-probabilities of the tokens in this event.
        public var logprobs: TokenLogprobs?
        /// Why the answer ended: `stop`, `length`, `tool_calls`, `abort`, `repetition`; in the last event only.
        public var finishReason: String?
        /// What ended it: a stop text (string), a stop token (integer), or nothing in particular.
        public var stopReason: JSONValue?
        /// The ids of the tokens in this event, where `return_token_ids` asked for them.
        public var tokenIDs: [Int]?
        /// What else the server says of it: members unknown here that are not null.
        public var additional: JSONObject = [:]
    }

    /// What is new in a message.
    public struct Delta: Sendable, Hashable {
        /// Whose message it is, in the first event.
        public var role: String?
        /// More text.
        public var content: String?
        /// More thinking: `reasoning`, which vLLM up to 0.15 called `reasoning_content`.
        public var reasoning: String?
        /// More of tool calls.
        public var toolCalls: [ToolCall]
        /// More of OpenAI's old form of a call; never sent by vLLM.
        public var functionCall: ChatCompletion.FunctionCall?
        /// What else the server says of it: members unknown here that are not null.
        public var additional: JSONObject = [:]
    }

    /// More of one tool call: the first event of a call has id, type and name, later ones more of the arguments.
    public struct ToolCall: Sendable, Hashable {
        /// Which call of the message this is about.
        public var index: Int
        /// The call's id.
        public var id: String?
        /// `function`.
        public var type: String?
        /// The function's name.
        public var name: String?
        /// More of the arguments' JSON text.
        public var arguments: String?
    }
}

extension ChatCompletionChunk: DecodableChunk {
    init(_ node: JSONView, raw: JSONObject?) throws(MalformedField) {
        self.init(
            id: try node.string("id"), created: try node.int("created"),
            model: try node.string("model"), choices: try node.objects("choices", atMost: JSONView.choiceLimit, Choice.init) ?? [],
            usage: try node.member("usage", CompletionUsage.init), systemFingerprint: try node.string("system_fingerprint"),
            promptTokenIDs: try node.ints("prompt_token_ids"), promptText: try node.string("prompt_text"),
            metrics: node.any("metrics"), additional: node.others(than: Self.known), raw: raw)
    }

    private static let known: [StaticString] = [
        "id", "object", "created", "model", "choices", "usage", "system_fingerprint", "prompt_token_ids", "prompt_text", "metrics",
    ]
}

extension ChatCompletionChunk.Choice {
    private static let known: [StaticString] = ["index", "delta", "logprobs", "finish_reason", "stop_reason", "token_ids"]

    init(_ node: JSONView) throws(MalformedField) {
        self.init(
            index: try node.int("index") ?? 0,
            delta: try node.member("delta", ChatCompletionChunk.Delta.init) ?? ChatCompletionChunk.Delta(toolCalls: []),
            logprobs: try node.member("logprobs", TokenLogprobs.init(chat:)), finishReason: try node.string("finish_reason"),
            stopReason: node.any("stop_reason"), tokenIDs: try node.ints("token_ids"), additional: node.others(than: Self.known))
    }
}

extension ChatCompletionChunk.Delta {
    private static let known: [StaticString] = ["content", "role", "reasoning", "reasoning_content", "tool_calls", "function_call"]

    init(_ node: JSONView) throws(MalformedField) {
        self.init(
            role: try node.string("role"), content: try node.content(),
            reasoning: try node.reasoning(),
            toolCalls: try node.objects("tool_calls", atMost: JSONView.choiceLimit, ChatCompletionChunk.ToolCall.init) ?? [],
            functionCall: try node.member("function_call", ChatCompletion.FunctionCall.init), additional: node.others(than: Self.known))
    }
}

extension ChatCompletionChunk.ToolCall {
    init(_ node: JSONView) throws(MalformedField) {
        let function = try node.member("function") { function throws(MalformedField) in
            (name: try function.string("name"), arguments: try function.arguments())
        }
        self.init(
            index: try node.int("index") ?? 0, id: try node.string("id"), type: try node.string("type"), name: function?.name,
            arguments: function?.arguments)
    }
}
