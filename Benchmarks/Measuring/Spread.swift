/// Measured values in their order.
public struct Spread: Sendable {
    private let sorted: [Float]

    /// The spread of some values.
    public init(_ values: some Sequence<Float>) {
        sorted = values.sorted()
    }

    /// The value that a share of all, from 0 to 1, does not exceed; 0 where there are none.
    public func quantile(_ share: Double) -> Double {
        sorted.isEmpty ? 0 : Double(sorted[Int(Double(sorted.count - 1) * share)])
    }
}
