public import ProviderKit

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// How far the probabilities of two answers are apart, over the tokens that they have in common before they part: behind that place the
/// models were asked different questions.
public struct LogprobDrift: Sendable, Hashable {
    /// For each token that both chose, the new natural logarithm of its probability less the old one.
    public let differences: [Double]
    /// The Kullback-Leibler divergence of the new distribution from the old one, in nats, for each of these places and for the one where
    /// the answers part.
    ///
    /// A server tells the most likely tokens only. What both answers list at a place is compared token by token, everything else as if it
    /// were one token. So this is a lower bound of the true divergence (by the data-processing inequality): exact where the lists hold all
    /// of the probability, and nearer to it the more alternatives were asked for (`logprobs`). Where there are no alternatives, it is that of
    /// the chosen token against all others.
    public let divergences: [Double]

    /// The sizes of `differences`; `nil` where there is none.
    public var absolute: Distribution? { Distribution(differences.map { abs($0) }) }
    /// `divergences`; `nil` where there is none.
    public var divergence: Distribution? { Distribution(divergences) }

    /// Compares two answers; `nil` where there is nothing to compare, as one of them has no log-probabilities.
    public init?(old: [TokenLogprob], new: [TokenLogprob]) {
        let count = TokenIdentity.countOfSame(old, new)
        differences = zip(old, new).prefix(count).compactMap { old, new in
            guard let before = old.logprob, let after = new.logprob else { return nil }
            return Self.atLeast(after) - Self.atLeast(before)
        }
        divergences = zip(old, new).prefix(count + 1).compactMap { Self.divergence(Self.probabilities($0), Self.probabilities($1)) }
        if differences.isEmpty && divergences.isEmpty { return nil }
    }

    /// Impossible tokens have the logarithm -9999 (vLLM 0.32) or -∞ elsewhere; differences of those would say nothing.
    private static let floor = -100.0

    private static func atLeast(_ logprob: Double) -> Double { logprob.isNaN ? floor : min(max(logprob, floor), 0) }

    /// The probabilities that are told for a place.
    private static func probabilities(_ token: TokenLogprob) -> [TokenIdentity: Double] {
        var result: [TokenIdentity: Double] = [:]
        // A token may be listed twice where all that is known of two is U+FFFD: then they count as one.
        for alternative in token.topLogprobs { result[TokenIdentity(alternative), default: 0] += exp(atLeast(alternative.logprob)) }
        if let logprob = token.logprob, result[TokenIdentity(token)] == nil { result[TokenIdentity(token)] = exp(atLeast(logprob)) }
        return result
    }

    private static func divergence(_ old: [TokenIdentity: Double], _ new: [TokenIdentity: Double]) -> Double? {
        var sum = 0.0
        var (rest, newRest) = (1.0, 1.0)
        var count = 0
        for (token, probability) in old {
            guard let other = new[token] else { continue }
            count += 1
            rest -= probability
            newRest -= other
            if probability > 0 { sum += probability * log(probability / max(other, smallest)) }
        }
        guard count > 0 else { return nil }
        // Rounded sums may leave a little less than nothing.
        if rest > smallest { sum += rest * log(rest / max(newRest, smallest)) }
        return max(sum, 0)
    }

    /// Less than single-precision logarithms can tell from nothing.
    private static let smallest = 1e-7
}
