public import JSON
// Those who read an answer need not know where its alternatives are declared.
@_exported public import ToldTokens

/// A token with its log-probability, in one shape for answers and prompts of every endpoint.
public struct TokenLogprob: ContractCodable {
    /// A token that the model might have chosen.
    public typealias Alternative = TopLogprob

    @usableFromInline package var told: ToldToken
    /// The natural logarithm of its probability; `nil` where there is none: for the first token of an echoed prompt.
    public var logprob: Double?
    /// The token's id, where the server tells ids.
    public var tokenID: Int?
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

    // Inlinable: a long answer has hundreds of thousands.
    /// What is told of a token, with its log-probability.
    @inlinable
    package init(_ told: ToldToken, logprob: Double?, tokenID: Int?, topLogprobs: [Alternative], choice: Int) {
        self.told = told
        self.logprob = logprob
        self.tokenID = tokenID
        self.topLogprobs = topLogprobs
        self.choice = choice
    }

    /// A token with its log-probability.
    @inlinable
    public init(
        token: String, logprob: Double?, bytes: [UInt8]? = nil, tokenID: Int? = nil, rank: Int? = nil, topLogprobs: [Alternative] = [],
        choice: Int = 0
    ) {
        self.init(
            ToldToken(token, bytes: bytes, rank: rank), logprob: logprob, tokenID: tokenID, topLogprobs: topLogprobs, choice: choice)
    }

    /// The token's text. Of a character that is split over tokens, the one that completes it has the whole and those before it are empty,
    /// or U+FFFD stands for what is broken (vLLM 0.32). `token_id:451` where the request asked for ids in place of texts.
    public var token: String {
        @inlinable get { told.text }
        set { told.text = newValue }
    }

    /// The token's bytes; `nil` where they are not known, as of a broken character.
    public var bytes: [UInt8]? {
        get { told.bytes }
        set { told.bytes = newValue }
    }

    /// Its place among all tokens, the likeliest is 1, where the server tells it: for tokens of prompts.
    public var rank: Int? {
        get { told.rank }
        set { told.rank = newValue }
    }

    /// Members that this type does not know.
    public var additional: JSONObject {
        get { told.additional }
        set { told.additional = newValue }
    }
}
