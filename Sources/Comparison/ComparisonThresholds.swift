/// By how much two sessions may differ. By default not at all in texts, tool calls, finish reasons and errors; counts of tokens,
/// probabilities and times only count where a threshold is given.
public struct ComparisonThresholds: Sendable, Hashable {
    /// What has to be the same.
    public var aspects: Set<ComparedAspect> = [.text, .toolCalls, .finishReason, .failure]
    /// How many calls may differ in these.
    public var maximumDifferences = 0
    /// Texts that have this much in common, from 0 to 1, do not differ (`TextDiff.similarity`).
    public var minimumSimilarity: Double?
    /// How much the logarithm of a token's probability may change.
    public var maximumLogprobDrift: Double?
    /// What the Kullback-Leibler divergence at a token may be, in nats (`LogprobDrift.divergences`).
    public var maximumDivergence: Double?
    /// How many times as many output tokens the new session may have.
    public var maximumTokenRatio: Double?
    /// How many times as long the median call may take.
    public var maximumLatencyRatio: Double?
    /// How many times as long the median call may take to its first token.
    public var maximumFirstTokenRatio: Double?

    /// No difference that a reader would see.
    public init() {}

    /// Whether a call differs by more than it may in what a reader sees.
    public func isDifferent(_ call: CallComparison) -> Bool {
        var differences = call.differences.intersection(aspects)
        if let minimumSimilarity, let similarity = call.similarity, similarity >= minimumSimilarity { differences.remove(.text) }
        return !differences.isEmpty
    }
}
