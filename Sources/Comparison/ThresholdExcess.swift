/// A threshold that a comparison is beyond.
public struct ThresholdExcess: Sendable, Hashable {
    /// The threshold's name, as the command line and JSON have it: `max_logprob_drift`.
    public var name: String
    /// What it is.
    public var limit: Double
    /// What was found; infinite where a ratio's divisor is 0.
    public var value: Double
    /// The call that it was found in, from 1; `nil` where it is about the sessions.
    public var call: Int?

    /// An excess.
    public init(name: String, limit: Double, value: Double, call: Int? = nil) {
        self.name = name
        self.limit = limit
        self.value = value
        self.call = call
    }
}
