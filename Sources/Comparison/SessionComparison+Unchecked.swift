import ProviderKit

extension SessionComparison {
    /// The thresholds that were given and could not be checked, as sentences that say why: what nobody knows must not pass for the same.
    public var uncheckedThresholds: [String] {
        // A call that failed has nothing to be measured, and counts as what it is.
        let answered = calls.filter { !$0.answers.isEmpty && $0.old.failure == nil && $0.new.failure == nil }
        guard !answered.isEmpty else { return [] }
        var result: [String] = []
        func require(_ name: String, _ limit: Double?, _ what: String, in calls: [CallComparison], _ isKnown: (CallComparison) -> Bool) {
            let unknown = calls.filter { !isKnown($0) }
            guard limit != nil, !unknown.isEmpty else { return }
            result.append("\(name) was not checked: \(what) \(Self.names(unknown))")
        }
        func require(_ name: String, _ limit: Double?, _ what: String, _ value: Double?) {
            if limit != nil, value == nil { result.append("\(name) was not checked: \(what) not known of both sessions") }
        }
        let logprobs = "log-probabilities of the same tokens are not known on both sides of"
        require("max_logprob_drift", thresholds.maximumLogprobDrift, logprobs, in: answered) {
            $0.answers.allSatisfy { $0.hasNoTokens || $0.largestDrift != nil }
        }
        require("max_kl", thresholds.maximumDivergence, logprobs, in: answered) {
            $0.answers.allSatisfy { $0.hasNoTokens || $0.largestDivergence != nil }
        }
        require("max_token_ratio", thresholds.maximumTokenRatio, "the tokens are not known on both sides of", in: answered) {
            $0.old.response?.usage != nil && $0.new.response?.usage != nil
        }
        let summary = summary
        require(
            "max_latency_ratio", thresholds.maximumLatencyRatio, "how long calls took is",
            Self.ratio(summary.old.duration?.p50, summary.new.duration?.p50))
        require(
            "max_ttft_ratio", thresholds.maximumFirstTokenRatio, "the times to the first token are",
            Self.ratio(summary.old.timeToFirstToken?.p50, summary.new.timeToFirstToken?.p50))
        return result
    }

    private static func names(_ calls: [CallComparison]) -> String {
        var numbers: [Int] = []
        for call in calls where numbers.last != call.number { numbers.append(call.number) }
        if numbers.count == 1 { return "call \(numbers[0])" }
        let rest = numbers.count > 10 ? " and \(numbers.count - 10) more" : ""
        return "calls \(numbers.prefix(10).map(String.init).joined(separator: ", "))\(rest)"
    }
}

extension AnswerComparison {
    /// The largest change of the logarithm of a token's probability.
    var largestDrift: Double? { drift?.absolute?.max }

    /// The largest divergence at a token.
    var largestDivergence: Double? { drift?.divergence?.max }

    /// Whether both answers are known to have no tokens that could be compared.
    fileprivate var hasNoTokens: Bool { tokens?.edits.isEmpty == true }
}
