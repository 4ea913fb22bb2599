/// Which numbers a field takes.
public struct ConfigurationRange: Sendable, Hashable {
    /// The smallest number, if there is one.
    public let minimum: Double?
    /// Whether the smallest number itself is too small.
    public let excludesMinimum: Bool
    /// The largest number, if there is one.
    public let maximum: Double?

    init(minimum: Double?, excludesMinimum: Bool = false, maximum: Double?) {
        self.minimum = minimum
        self.excludesMinimum = excludesMinimum
        self.maximum = maximum
    }

    /// This number and larger ones.
    public static func atLeast(_ minimum: Double) -> ConfigurationRange { ConfigurationRange(minimum: minimum, maximum: nil) }

    /// Larger numbers than this one.
    public static func above(_ minimum: Double) -> ConfigurationRange {
        ConfigurationRange(minimum: minimum, excludesMinimum: true, maximum: nil)
    }

    /// The numbers from the first to the second.
    public static func between(_ minimum: Double, _ maximum: Double) -> ConfigurationRange {
        ConfigurationRange(minimum: minimum, maximum: maximum)
    }

    /// Whether a number is in the range.
    func contains(_ value: Double) -> Bool {
        let isLargeEnough = minimum.map { excludesMinimum ? value > $0 : value >= $0 } ?? true
        return isLargeEnough && maximum.map { value <= $0 } ?? true
    }

    /// The range behind `a number`: `greater than 0`, `between 0 and 2`.
    var phrase: String {
        switch (minimum, maximum) {
        case (let minimum?, let maximum?): "between \(Self.text(minimum)) and \(Self.text(maximum))"
        case (let minimum?, nil): excludesMinimum ? "greater than \(Self.text(minimum))" : "of at least \(Self.text(minimum))"
        case (nil, let maximum?): "of at most \(Self.text(maximum))"
        case (nil, nil): ""
        }
    }

    private static func text(_ value: Double) -> String { Int(exactly: value)?.description ?? value.description }
}
