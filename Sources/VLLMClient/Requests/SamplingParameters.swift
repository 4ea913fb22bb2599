public import JSON

/// What decides which tokens are generated: the fields that `/v1/chat/completions` and `/v1/completions` of vLLM 0.32 share.
///
/// A field that is `nil` is not sent, and the server's default holds (which `generation_config.json` of the model may set).
public struct SamplingParameters: Sendable, Hashable {
    /// How freely tokens are drawn; 0 takes the likeliest one.
    public var temperature: Double?
    /// Draws from the likeliest tokens that make up this probability together.
    public var topP: Double?
    /// Draws from this many of the likeliest tokens; 0 or -1 from all.
    public var topK: Int?
    /// Leaves out tokens less likely than this share of the likeliest one's probability.
    public var minP: Double?
    /// The seed of the draw.
    public var seed: Int?
    /// How many choices are generated; more than one needs a temperature above 0.
    public var n: Int?
    /// Lowers tokens by how often they were generated.
    public var frequencyPenalty: Double?
    /// Lowers tokens that were generated at all.
    public var presencePenalty: Double?
    /// Divides the score of tokens in the prompt or the answer; above 1 discourages repetition.
    public var repetitionPenalty: Double?
    /// The exponent of the length in the score of beams.
    public var lengthPenalty: Double?
    /// Searches with `n` beams instead of drawing.
    public var useBeamSearch: Bool?
    /// Texts that end the answer.
    public var stop: [String]?
    /// Tokens that end the answer.
    public var stopTokenIDs: [Int]?
    /// Keeps the text that ended the answer in it.
    public var includeStopStringInOutput: Bool?
    /// The most tokens to generate: `max_tokens`. Completions generate 16 without it.
    public var maxTokens: Int?
    /// The fewest tokens before an end may come.
    public var minTokens: Int?
    /// Goes on beyond the end-of-sequence token.
    public var ignoreEOS: Bool?
    /// Words that must not be generated.
    public var badWords: [String]?
    /// The only tokens that may be generated.
    public var allowedTokenIDs: [Int]?
    /// What is added to a token's score before drawing, by token id.
    public var logitBias: [Int: Double]?
    /// How many of the likeliest tokens to tell for each token of the prompt; not with a stream.
    public var promptLogprobs: Int?
    /// Tokens whose log-probabilities are told at every position (vLLM 0.26 and later).
    public var logprobTokenIDs: [Int]?
    /// Keeps this many tokens of the prompt; -1 as many as the model takes.
    public var truncatePromptTokens: Int?
    /// The end of the prompt that `truncatePromptTokens` cuts: `left` or `right`.
    public var truncationSide: String?
    /// Leaves special tokens out of the text.
    public var skipSpecialTokens: Bool?
    /// Puts spaces between special tokens.
    public var spacesBetweenSpecialTokens: Bool?
    /// The shape of the answer, in OpenAI's words.
    public var responseFormat: ResponseFormat?
    /// The shape of the answer, in vLLM's words.
    public var structuredOutputs: StructuredOutputs?
    /// The most tokens of thinking (vLLM 0.19 and later, servers with a reasoning parser).
    public var thinkingTokenBudget: Int?
    /// Ends an answer that repeats itself: `max_pattern_size`, `min_pattern_size`, `min_count` (vLLM 0.17 and later).
    public var repetitionDetection: JSONObject?

    /// Nothing set.
    public init() {}

    func write(to body: inout RequestBody) {
        body.set("temperature", temperature)
        body.set("top_p", topP)
        body.set("top_k", topK)
        body.set("min_p", minP)
        body.set("seed", seed)
        body.set("n", n)
        body.set("frequency_penalty", frequencyPenalty)
        body.set("presence_penalty", presencePenalty)
        body.set("repetition_penalty", repetitionPenalty)
        body.set("length_penalty", lengthPenalty)
        body.set("use_beam_search", useBeamSearch)
        body.set("stop", stop)
        body.set("stop_token_ids", stopTokenIDs)
        body.set("include_stop_str_in_output", includeStopStringInOutput)
        body.set("max_tokens", maxTokens)
        body.set("min_tokens", minTokens)
        body.set("ignore_eos", ignoreEOS)
        body.set("bad_words", badWords)
        body.set("allowed_token_ids", allowedTokenIDs)
        body.set("logit_bias", logitBias)
        body.set("prompt_logprobs", promptLogprobs)
        body.set("logprob_token_ids", logprobTokenIDs)
        body.set("truncate_prompt_tokens", truncatePromptTokens)
        body.set("truncation_side", truncationSide)
        body.set("skip_special_tokens", skipSpecialTokens)
        body.set("spaces_between_special_tokens", spacesBetweenSpecialTokens)
        body.set("response_format", responseFormat?.json)
        body.set("structured_outputs", structuredOutputs?.json)
        body.set("thinking_token_budget", thinkingTokenBudget)
        body.set("repetition_detection", repetitionDetection)
    }
}
