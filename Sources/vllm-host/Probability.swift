import ProviderKit

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A token's probability as people read it.
struct Probability {
    /// From 0 to 1. A server may say anything; a probability is at most 1.
    let value: Double

    init(value: Double) { self.value = value }

    init(logprob: Double) { self.init(value: logprob.isNaN ? 0 : min(exp(logprob), 1)) }

    /// In percent with one decimal place: `41.3%`.
    var percent: String {
        let tenths = Int((value * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }
}

extension TokenLogprob {
    /// `nil` for a token without one: the first of an echoed prompt.
    var probability: Probability? { logprob.map(Probability.init(logprob:)) }

    /// The likeliest other tokens at this place, each as `" Lyon" 30.1%`.
    var otherTokens: [String] {
        topLogprobs.filter { $0.token != token || $0.bytes != bytes }.map {
            "\(TokenText.quoted($0.token, $0.bytes)) \(Probability(logprob: $0.logprob).percent)"
        }
    }
}
