public import JSON

/// One event of a streamed `/v1/completions` (vLLM 0.32).
///
/// An event is not a token: it may hold the text of several, or of none. Events of several prompts or choices come in any order, and an
/// event with the usage alone has no choices.
public struct CompletionChunk: Sendable, Hashable {
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
    /// Timings of the request in milliseconds, of servers with `--enable-per-request-metrics`.
    public var metrics: JSONValue?
    /// What else the server says: members unknown here that are not null.
    public var additional: JSONObject = [:]
    /// The whole event as it came, when the call asked for it.
    public var raw: JSONObject?

    /// What came of one choice.
    public struct Choice: Sendable, Hashable {
        /// The prompt's place in the list times `n`, plus which of its `n` continuations this is.
        public var index: Int
        /// More text; may be empty.
        public var text: String
        /// The log-probabilities of the tokens in this event.
        public var logprobs: TokenLogprobs?
        /// Why the continuation ended: `stop`, `length`, `abort`, `repetition`; in the last event only.
        public var finishReason: String?
        /// What ended it: a stop text (string), a stop token (integer), or nothing in particular.
        public var stopReason: JSONValue?
        /// The ids of the tokens in this event, where `return_token_ids` asked for them.
        public var tokenIDs: [Int]?
        /// The prompt's token ids, in the first event, where `return_token_ids` asked for them.
        public var promptTokenIDs: [Int]?
        /// What else the server says of it: members unknown here that are not null.
        public var additional: JSONObject = [:]
    }
}

extension CompletionChunk: DecodableChunk {
    init(_ node: JSONView, raw: JSONObject?) throws(MalformedField) {
        self.init(
            id: try node.string("id"), created: try node.int("created"),
            model: try node.string("model"), choices: try node.objects("choices", atMost: JSONView.choiceLimit, Choice.init) ?? [],
            usage: try node.member("usage", CompletionUsage.init), systemFingerprint: try node.string("system_fingerprint"),
            metrics: node.any("metrics"), additional: node.others(than: Self.known), raw: raw)
    }

    private static let known: [StaticString] = ["id", "object", "created", "model", "choices", "usage", "system_fingerprint", "metrics"]
}

extension CompletionChunk.Choice {
    init(_ node: JSONView) throws(MalformedField) {
        self.init(
            index: try node.int("index") ?? 0, text: try node.string("text") ?? "",
            logprobs: try node.member("logprobs", TokenLogprobs.init(completion:)), finishReason: try node.string("finish_reason"),
            stopReason: node.any("stop_reason"), tokenIDs: try node.ints("token_ids"), promptTokenIDs: try node.ints("prompt_token_ids"),
            additional: node.others(than: Self.known))
    }

    private static let known: [StaticString] = [
        "index", "text", "logprobs", "finish_reason", "stop_reason", "token_ids", "prompt_token_ids",
    ]
}
