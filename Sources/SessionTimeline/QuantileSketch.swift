#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Lengths of time, counted so that their quantiles can be told afterwards without keeping them: a histogram whose buckets grow by a constant
/// factor (DDSketch, Masson, Rim and Lee 2019). A quantile is at most 1 % off; count, sum, least and largest are exact.
///
/// It has 2,200 buckets at most, whatever is added.
public struct QuantileSketch: Sendable {
    /// By how much a quantile may be off, of its own size.
    public static let relativeError = 0.01

    private static let growth = (1 + relativeError) / (1 - relativeError)
    private static let logOfGrowth = log(growth)
    /// What is shorter is as good as nothing, and what is longer than 300 years is 300 years.
    private static let bounds = 1e-9...1e10

    /// How many lengths there are.
    public private(set) var count = 0
    /// All together, in seconds.
    public private(set) var sum = 0.0
    /// The shortest one, in seconds; `nil` where there is none.
    public private(set) var minimum: Double?
    /// The longest one, in seconds.
    public private(set) var maximum: Double?
    private var shortest = 0
    private var buckets: [Int: Int] = [:]

    /// A sketch of nothing.
    public init() {}

    /// Adds a length of time. One that is negative counts as nothing.
    public mutating func add(_ duration: Duration) {
        let seconds = min(max(duration / .seconds(1), 0), Self.bounds.upperBound)
        count += 1
        sum += seconds
        minimum = min(minimum ?? seconds, seconds)
        maximum = max(maximum ?? seconds, seconds)
        if seconds < Self.bounds.lowerBound {
            shortest += 1
        } else {
            buckets[Int((log(seconds) / Self.logOfGrowth).rounded(.up)), default: 0] += 1
        }
    }

    /// The mean, in seconds.
    public var mean: Double? { count == 0 ? nil : sum / Double(count) }

    /// The length, in seconds, that so large a part of all (0 to 1) does not exceed.
    public func quantile(_ part: Double) -> Double? { quantiles([part])[0] }

    /// The same for several parts, in ascending order.
    public func quantiles(_ parts: [Double]) -> [Double?] {
        guard let minimum, let maximum else { return parts.map { _ in nil } }
        var rest = buckets.sorted { $0.key < $1.key }[...]
        var passed = shortest
        return parts.map { part in
            let rank = Int((min(max(part, 0), 1) * Double(count - 1)).rounded())
            while let next = rest.first, passed <= rank {
                if passed + next.value > rank { return min(max(Self.middle(of: next.key), minimum), maximum) }
                passed += next.value
                rest = rest.dropFirst()
            }
            return rank < shortest ? minimum : maximum
        }
    }

    /// The value that is as far, in its own size, from one end of a bucket as from the other.
    private static func middle(of bucket: Int) -> Double { 2 * pow(growth, Double(bucket)) / (growth + 1) }
}
