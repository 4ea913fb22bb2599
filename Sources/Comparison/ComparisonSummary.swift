import ProviderKit

/// What two sessions are like as a whole.
public struct ComparisonSummary: Sendable, Hashable {
    /// The figures of one of them.
    public struct Side: Sendable, Hashable {
        /// The calls that failed.
        public var failures: Int
        /// The tokens of all prompts; `nil` where no answer told them.
        public var inputTokens: Double?
        /// The tokens of all answers; `nil` where no answer told them.
        public var outputTokens: Double?
        /// From question to first token, in milliseconds.
        public var timeToFirstToken: Distribution?
        /// The mean time of a token behind the first one, in milliseconds.
        public var timePerOutputToken: Distribution?
        /// From question to the end of the answer, in milliseconds.
        public var duration: Distribution?

        /// The figures of so many answers.
        public init(_ answers: [ComparedAnswer]) {
            failures = answers.count { $0.failure != nil }
            let usages = answers.compactMap { $0.response?.usage }
            inputTokens = usages.isEmpty ? nil : usages.reduce(0) { $0 + Double($1.inputTokens) }
            outputTokens = usages.isEmpty ? nil : usages.reduce(0) { $0 + Double($1.outputTokens) }
            // How soon a call failed says nothing of how long answers take.
            let times = answers.filter { $0.failure == nil }.map(\.latency)
            timeToFirstToken = Distribution(times.compactMap { $0.timeToFirstToken.map(Self.milliseconds) })
            timePerOutputToken = Distribution(times.compactMap { $0.timePerOutputToken.map(Self.milliseconds) })
            duration = Distribution(times.compactMap { $0.duration.map(Self.milliseconds) })
        }

        private static func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }
    }

    /// How many calls were compared.
    public var calls: Int
    /// How many of them differ by more than they may.
    public var differing: Int
    /// How many differ in which way, whether they may or not.
    public var differences: [ComparedAspect: Int]
    /// How much the texts have in common; `nil` where there are none.
    public var meanSimilarity: Double?
    /// How much the logarithms of the tokens' probabilities changed; `nil` where they are not known.
    public var logprobDrift: Distribution?
    /// The Kullback-Leibler divergences at the tokens, in nats.
    public var divergence: Distribution?
    /// The old session.
    public var old: Side
    /// The new session.
    public var new: Side
}

extension SessionComparison {
    /// The sessions as a whole.
    public var summary: ComparisonSummary {
        let drifts = calls.flatMap(\.answers).compactMap(\.drift)
        var differences: [ComparedAspect: Int] = [:]
        for call in calls { for aspect in call.differences { differences[aspect, default: 0] += 1 } }
        return ComparisonSummary(
            calls: calls.count, differing: differingCalls.count, differences: differences,
            meanSimilarity: Distribution(calls.compactMap(\.similarity))?.mean,
            logprobDrift: Distribution(drifts.flatMap(\.differences).map { abs($0) }),
            divergence: Distribution(drifts.flatMap(\.divergences)),
            old: ComparisonSummary.Side(calls.map(\.old)), new: ComparisonSummary.Side(calls.map(\.new)))
    }
}
