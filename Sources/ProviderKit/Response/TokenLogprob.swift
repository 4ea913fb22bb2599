public import JSON

/// A token with its log-probability, in one shape for answers and prompts of every endpoint.
public struct TokenLogprob: ContractCodable {
    /// The token's text. Of a character that is split over tokens, the one that completes it has the whole and those before it are empty,
    /// or U+FFFD stands for what is broken (vLLM 0.32). `token_id:451` where the request asked for ids in place of texts.
    public var token: String
    /// The natural logarithm of its probability; `nil` where there is none: for the first token of an echoed prompt.
    public var logprob: Double?
    /// The token's bytes; `nil` where they are not known, as of a broken character.
    public var bytes: [UInt8]?
    /// The token's id, where the server tells ids.
    public var tokenID: Int?
    /// Its place among all tokens, the likeliest is 1, where the server tells it: for tokens of prompts.
    public var rank: Int?
    /// The most likely tokens at this place, the chosen one among them where the server lists it.
    public var topLogprobs: [Alternative]
    /// The choice that the token belongs to, from 0.
    public var choice: Int
    /// The block that the token's first character stands in: its number among the answer's blocks, over all choices. `nil` for tokens that
    /// are no part of a block: markup, the end of the sequence, blank lines around a block, prompts.
    public var blockIndex: Int?
    /// Where the token starts in its block's text, in Unicode code points: vLLM's unit for `text_offset`, and the index of a Python
    /// string. The text of a tool call's block is that of its arguments as they were streamed.
    public var textOffset: Int?
    /// Members that this type does not know.
    public var additional = JSONObject()

    /// A token that the model might have chosen.
    public struct Alternative: Sendable, Hashable {
        /// The token's text, or `token_id:451` where the request asked for ids.
        public var token: String
        /// The natural logarithm of its probability.
        public var logprob: Double
        /// The token's bytes; `nil` where they are not known.
        public var bytes: [UInt8]?
        /// The token's id, where the server tells ids.
        public var tokenID: Int?
        /// Its place among all tokens, the likeliest is 1, where the server tells it.
        public var rank: Int?
        /// Members that this type does not know.
        public var additional = JSONObject()

        // Inlinable, as that of a token: a long answer has hundreds of thousands.
        /// An alternative.
        @inlinable
        public init(token: String, logprob: Double, bytes: [UInt8]? = nil, tokenID: Int? = nil, rank: Int? = nil) {
            self.token = token
            self.logprob = logprob
            self.bytes = bytes
            self.tokenID = tokenID
            self.rank = rank
        }
    }

    /// A token with its log-probability.
    @inlinable
    public init(
        token: String, logprob: Double?, bytes: [UInt8]? = nil, tokenID: Int? = nil, rank: Int? = nil, topLogprobs: [Alternative] = [],
        choice: Int = 0
    ) {
        self.token = token
        self.logprob = logprob
        self.bytes = bytes
        self.tokenID = tokenID
        self.rank = rank
        self.topLogprobs = topLogprobs
        self.choice = choice
    }
}
