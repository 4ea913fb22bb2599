package import ProviderKit

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A token's probability as people read it.
package struct Probability {
    /// From 0 to 1. A server may say anything; a probability is at most 1.
    package let value: Double

    package init(value: Double) { self.value = value }

    package init(logprob: Double) { self.init(value: logprob.isNaN ? 0 : min(exp(logprob), 1)) }

    /// In percent with one decimal place: `41.3%`.
    package var percent: String {
        let tenths = Int((value * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }
}

extension TokenLogprob {
    /// `nil` for a token without one: the first of an echoed prompt.
    package var probability: Probability? { logprob.map(Probability.init(logprob:)) }

    /// The likeliest other tokens at this place, each as `" Lyon" 30.1%`.
    package var otherTokens: [String] {
        topLogprobs.filter { $0.token != token || $0.bytes != bytes }.map {
            "\(TokenText.quoted($0.token, $0.bytes)) \(Probability(logprob: $0.logprob).percent)"
        }
    }
}
