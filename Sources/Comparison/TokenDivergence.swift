public import ProviderKit

/// The first place where two answers chose different tokens, and how near the choice was.
public struct TokenDivergence: Sendable, Hashable {
    /// What one of the answers chose.
    public struct Choice: Sendable, Hashable {
        /// The token's text.
        public var token: String
        /// The natural logarithm of its probability; `nil` where it was not told.
        public var logprob: Double?
        /// The same for the token that the other answer chose, where this answer lists it among its alternatives.
        public var logprobOfOther: Double?
    }

    /// The token's number in the answer, from 0, markup and reasoning included.
    public var index: Int
    /// The old answer's token; `nil` where it ends.
    public var old: Choice?
    /// The new answer's token; `nil` where it ends.
    public var new: Choice?

    /// Where two answers part; `nil` where neither does.
    public init?(old: [TokenLogprob], new: [TokenLogprob]) {
        let index = TokenIdentity.countOfSame(old, new)
        let (oldToken, newToken) = (old.indices.contains(index) ? old[index] : nil, new.indices.contains(index) ? new[index] : nil)
        guard oldToken != nil || newToken != nil else { return nil }
        self.index = index
        self.old = oldToken.map { Choice($0, other: newToken) }
        self.new = newToken.map { Choice($0, other: oldToken) }
    }
}

extension TokenDivergence.Choice {
    fileprivate init(_ token: TokenLogprob, other: TokenLogprob?) {
        self.token = token.token
        logprob = token.logprob
        logprobOfOther = other.map(TokenIdentity.init).flatMap { other in
            token.topLogprobs.first { TokenIdentity($0) == other }?.logprob
        }
    }
}
