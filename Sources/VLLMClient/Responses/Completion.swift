public import JSON

/// An answer of `/v1/completions` (vLLM 0.32). Fields that the server left out or set to null are `nil`; fields unknown here are in `raw`.
public struct Completion: Sendable, Hashable {
    /// The answer's id: `cmpl-` and the request's id.
    public var id: String?
    /// When the request arrived, in seconds since 1970.
    public var created: Int?
    /// The model that answered.
    public var model: String?
    /// The continuations: `n` for each prompt.
    public var choices: [Choice]
    /// How many tokens were read and generated.
    public var usage: CompletionUsage?
    /// The server's version and configuration: `vllm-0.32.0-…`.
    public var systemFingerprint: String?
    /// OpenAI's service tier; null in vLLM.
    public var serviceTier: String?
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

    /// One continuation.
    public struct Choice: Sendable, Hashable {
        /// The prompt's place in the list times `n`, plus which of its `n` continuations this is.
        public var index: Int
        /// The text; with `echo` the prompt comes first.
        public var text: String
        /// The log-probabilities of the tokens.
        public var logprobs: TokenLogprobs?
        /// Why it ended: `stop`, `length`, `abort`, `repetition`.
        public var finishReason: String?
        /// What ended it: a stop text (string), a stop token (integer), or nothing in particular.
        public var stopReason: JSONValue?
        /// The continuation's token ids, where `return_token_ids` asked for them.
        public var tokenIDs: [Int]?
        /// The prompt's token ids, where `return_token_ids` asked for them.
        public var promptTokenIDs: [Int]?
        /// The log-probabilities of the prompt's tokens, where `prompt_logprobs` or `echo` asked for them.
        public var promptLogprobs: PromptLogprobs?
        /// The experts that each token was routed to, where the server tells them.
        public var routedExperts: JSONValue?
        /// What else the server says of it: members unknown here that are not null.
        public var additional: JSONObject = [:]
    }
}

extension Completion: DecodableResponse {
    init(_ node: JSONView, answer: AnswerText) throws(MalformedField) {
        guard let choices = try node.objects("choices", atMost: JSONView.choiceLimit, Choice.init) else {
            throw MalformedField(missing: "choices")
        }
        self.init(
            id: try node.string("id"), created: try node.int("created"), model: try node.string("model"), choices: choices,
            usage: try node.member("usage", CompletionUsage.init), systemFingerprint: try node.string("system_fingerprint"),
            serviceTier: try node.string("service_tier"), kvTransferParams: node.any("kv_transfer_params"),
            ecTransferParams: node.any("ec_transfer_params"), metrics: node.any("metrics"), additional: node.others(than: Self.known),
            answer: answer)
    }

    private static let known: [StaticString] = [
        "id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier", "kv_transfer_params",
        "ec_transfer_params", "metrics",
    ]
}

extension Completion.Choice {
    init(_ node: JSONView) throws(MalformedField) {
        guard let text = try node.string("text") else { throw MalformedField(missing: "text") }
        self.init(
            index: try node.int("index") ?? 0, text: text, logprobs: try node.member("logprobs", TokenLogprobs.init(completion:)),
            finishReason: try node.string("finish_reason"), stopReason: node.any("stop_reason"), tokenIDs: try node.ints("token_ids"),
            promptTokenIDs: try node.ints("prompt_token_ids"), promptLogprobs: try PromptLogprobs(node, key: "prompt_logprobs"),
            routedExperts: node.any("routed_experts"), additional: node.others(than: Self.known))
    }

    private static let known: [StaticString] = [
        "index", "text", "logprobs", "finish_reason", "stop_reason", "token_ids", "prompt_token_ids", "prompt_logprobs", "routed_experts",
    ]
}
