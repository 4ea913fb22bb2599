/// What many numbers are like: mean, quantiles by nearest rank, the largest.
public struct Distribution: Sendable, Hashable {
    /// How many there are.
    public let count: Int
    /// Their mean.
    public let mean: Double
    /// Half of them are at most this.
    public let p50: Double
    /// Nine tenths of them are at most this.
    public let p90: Double
    /// 99 of 100 of them are at most this.
    public let p99: Double
    /// The largest.
    public let max: Double

    /// The distribution of numbers; infinities and what is no number do not count. `nil` where there is none.
    public init?(_ values: some Sequence<Double>) {
        let sorted = values.filter(\.isFinite).sorted()
        guard let last = sorted.last else { return nil }
        func quantile(_ share: Double) -> Double {
            sorted[Swift.max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
        }
        count = sorted.count
        // Sums of what is near the largest double are infinite.
        mean = sorted.reduce(0) { $0 + $1 / Double(sorted.count) }
        p50 = quantile(0.5)
        p90 = quantile(0.9)
        p99 = quantile(0.99)
        max = last
    }
}
