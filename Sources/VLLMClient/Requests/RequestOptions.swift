public import JSON

/// How a request is handled and what is told beside the answer: the fields that `/v1/chat/completions` and `/v1/completions` of
/// vLLM 0.32 share and that do not change which tokens are generated. A field that is `nil` is not sent.
public struct RequestOptions: Sendable, Hashable {
    /// What a stream tells beside the text; sent with streamed calls only, as vLLM refuses it with others.
    public var streamOptions: StreamOptions?
    /// How many tokens make one chunk of a stream (vLLM 0.27 and later).
    public var streamInterval: Int?
    /// Which requests go first: the lowest. Silently without effect unless the server runs with `--scheduling-policy priority`.
    public var priority: Int?
    /// The id that the answer's id is made of; a header `X-Request-Id` wins over it.
    public var requestID: String?
    /// What requests of one session share (vLLM 0.28 and later).
    public var sessionID: String?
    /// The end user, in OpenAI's words; vLLM does not use it.
    public var user: String?
    /// Keeps the prefix cache apart from that of requests with another salt: 1 to 128 characters without `@`, `/`, `\` and NUL.
    public var cacheSalt: String?
    /// Tells the token ids of the prompt and of the answer.
    public var returnTokenIDs: Bool?
    /// Spells tokens of log-probabilities `token_id:451`, which tells tokens of equal text apart.
    public var returnTokensAsTokenIDs: Bool?
    /// Tells where each token lies in the text.
    public var returnTokenOffsets: Bool?
    /// The first token of the prompt whose routed experts are told.
    public var routedExpertsPromptStart: Int?
    /// Asks for a watermark, where the server can make one.
    public var watermarking: Bool?
    /// What a connector that moves the key-value cache is told.
    public var kvTransferParams: JSONObject?
    /// What a connector that moves the encoder cache is told.
    public var ecTransferParams: JSONObject?
    /// Arguments for extensions of the server: strings, numbers and lists of them.
    public var vllmXArgs: JSONObject?

    /// Nothing set.
    public init() {}

    func write(to body: inout RequestBody, streaming: Bool) {
        if streaming { body.set("stream_options", streamOptions?.json) }
        body.set("stream_interval", streamInterval)
        body.set("priority", priority)
        body.set("request_id", requestID)
        body.set("session_id", sessionID)
        body.set("user", user)
        body.set("cache_salt", cacheSalt)
        body.set("return_token_ids", returnTokenIDs)
        body.set("return_tokens_as_token_ids", returnTokensAsTokenIDs)
        body.set("return_token_offsets", returnTokenOffsets)
        body.set("routed_experts_prompt_start", routedExpertsPromptStart)
        body.set("watermarking", watermarking)
        body.set("kv_transfer_params", kvTransferParams)
        body.set("ec_transfer_params", ecTransferParams)
        body.set("vllm_xargs", vllmXArgs)
    }
}
