extension SessionComparison {
    /// The thresholds that the comparison is beyond.
    public var excesses: [ThresholdExcess] {
        var result: [ThresholdExcess] = []
        func check(_ name: String, _ limit: Double?, _ value: Double?, call: Int? = nil) {
            guard let limit, let value, value > limit else { return }
            result.append(ThresholdExcess(name: name, limit: limit, value: value, call: call))
        }
        // What a call that failed would have been answered, nobody knows.
        let differing = differingCalls.count { !$0.isNewFailure }
        check("max_differences", Double(thresholds.maximumDifferences), Double(differing))
        for call in calls {
            check("max_logprob_drift", thresholds.maximumLogprobDrift, call.answers.compactMap(\.largestDrift).max(), call: call.number)
            check("max_kl", thresholds.maximumDivergence, call.answers.compactMap(\.largestDivergence).max(), call: call.number)
        }
        let summary = summary
        check("max_token_ratio", thresholds.maximumTokenRatio, Self.ratio(summary.old.outputTokens, summary.new.outputTokens))
        check("max_latency_ratio", thresholds.maximumLatencyRatio, Self.ratio(summary.old.duration?.p50, summary.new.duration?.p50))
        check(
            "max_ttft_ratio", thresholds.maximumFirstTokenRatio,
            Self.ratio(summary.old.timeToFirstToken?.p50, summary.new.timeToFirstToken?.p50))
        return result
    }

    /// How many times the old number the new one is; `nil` where either is not known.
    static func ratio(_ old: Double?, _ new: Double?) -> Double? {
        guard let old, let new else { return nil }
        if new == old { return 1 }
        return old > 0 ? new / old : .infinity
    }
}
