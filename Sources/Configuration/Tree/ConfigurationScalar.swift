/// A single value as it was written. Which type it has is decided by who asks: `300` can be read as text, as a number, as seconds.
public struct ConfigurationScalar: Sendable, Hashable {
    /// The value, without quotation marks and with escapes resolved.
    public var text: String
    /// Whether it was written without quotation marks (and not marked with `!!str`). Only then does it have a type of its own where
    /// nobody asks for one: `8000` is a number in a free-form mapping, `"8000"` is text.
    public var isPlain: Bool

    /// A value.
    public init(_ text: String, isPlain: Bool) {
        self.text = text
        self.isPlain = isPlain
    }
}
