public import JSON

/// A token that the model might have taken, with its log-probability: what chats list as `top_logprobs`. The client reads these, and the
/// provider hands on the same lists.
public struct TopLogprob: Sendable, Hashable {
    @usableFromInline package var told: ToldToken

    /// The natural logarithm of its probability.
    public var logprob: Double

    /// What is told of a token, with its log-probability.
    @inlinable
    package init(_ told: ToldToken, logprob: Double) {
        self.told = told
        self.logprob = logprob
    }

    /// A token with its log-probability.
    @inlinable
    public init(token: String, logprob: Double, bytes: [UInt8]? = nil, tokenID: Int? = nil, rank: Int? = nil) {
        self.init(ToldToken(token, bytes: bytes, tokenID: tokenID, rank: rank), logprob: logprob)
    }

    /// The token's text, or `token_id:451` where the request asked for ids.
    public var token: String {
        @inlinable get { told.text }
        set { told.text = newValue }
    }

    /// The token's bytes; `nil` where they are not known.
    public var bytes: [UInt8]? {
        get { told.bytes }
        set { told.bytes = newValue }
    }

    /// The token's id, where the server tells ids.
    public var tokenID: Int? {
        get { told.tokenID }
        set { told.tokenID = newValue }
    }

    /// Its place among all tokens, the likeliest is 1, where the server tells it.
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
