public import JSON

/// How many tokens a request took.
public struct CompletionUsage: Sendable, Hashable {
    /// The prompt's tokens.
    public var promptTokens: Int?
    /// The answer's tokens, over all choices.
    public var completionTokens: Int?
    /// Both together.
    public var totalTokens: Int?
    /// The prompt's tokens that came from the prefix cache, of servers with `--enable-prompt-tokens-details`.
    public var cachedTokens: Int?
    /// The prompt's tokens that were put into the prefix cache (vLLM 0.26 and later).
    public var createdCacheTokens: Int?
    /// The prompt's tokens that stand for media (vLLM 0.24 and later).
    public var multimodalTokens: Int?
    /// The answer's tokens that are thinking, of servers with a reasoning parser (vLLM 0.28 and later).
    public var reasoningTokens: Int?
    /// What else the server says: members unknown here that are not null, those of the details under `prompt_tokens_details` and
    /// `completion_tokens_details`.
    public var additional: JSONObject = [:]

    init(_ node: JSONView) throws(MalformedField) {
        promptTokens = try node.int("prompt_tokens")
        completionTokens = try node.int("completion_tokens")
        totalTokens = try node.int("total_tokens")
        additional = node.others(than: Self.known)
        for key in Self.details {
            let others = node[key]?.others(than: Self.knownDetails) ?? [:]
            if !others.isEmpty { additional[key] = .object(others) }
        }
        let prompt = try node.member("prompt_tokens_details") { details throws(MalformedField) in
            (try details.int("cached_tokens"), try details.int("created_cache_tokens"), try details.int("multimodal_tokens"))
        }
        (cachedTokens, createdCacheTokens, multimodalTokens) = prompt ?? (nil, nil, nil)
        reasoningTokens =
            try node.member("completion_tokens_details") { details throws(MalformedField) in try details.int("reasoning_tokens") } ?? nil
    }

    private static let details = ["prompt_tokens_details", "completion_tokens_details"]
    private static let known: [StaticString] = [
        "prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "completion_tokens_details",
    ]
    private static let knownDetails: [StaticString] = ["cached_tokens", "created_cache_tokens", "multimodal_tokens", "reasoning_tokens"]
}
