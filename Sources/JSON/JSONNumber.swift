/// A JSON number that keeps the spelling it was read with, so that `1.0`, `1e-05` and integers of any size pass through unchanged.
///
/// Two numbers are equal when they are spelled alike: `1` and `1.0` differ.
public struct JSONNumber: Sendable, Hashable {
    private enum Storage: Hashable {
        case integer(Int)
        case literal(String)
    }

    private let storage: Storage

    /// An integer.
    public init(_ value: Int) { storage = .integer(value) }

    /// A floating-point number in its shortest spelling that reads back the same, with a `.0` where it is whole;
    /// `nil` for infinities and NaN, which JSON cannot say.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        storage = .literal(value.description)
    }

    /// A number from the text of a JSON document; the caller vouches for it being in JSON's grammar.
    init(validated literal: String) {
        if let integer = Int(literal), integer.description == literal {
            storage = .integer(integer)
        } else {
            storage = .literal(literal)
        }
    }

    /// The number as it is written.
    public var literal: String {
        switch storage {
        case .integer(let value): value.description
        case .literal(let text): text
        }
    }

    /// The value as an integer, if it is integral and fits.
    public var int: Int? {
        switch storage {
        case .integer(let value): value
        case .literal(let text): Int(text) ?? Double(text).flatMap { Int(exactly: $0) }
        }
    }

    /// The nearest floating-point value (infinite where the number is beyond its range).
    public var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .literal(let text): Double(text) ?? .nan
        }
    }
}
