/// A JSON number that keeps the spelling it was read with, so that `1.0`, `1e-05` and integers of any size pass through unchanged.
///
/// Two numbers are equal when they are spelled alike: `1` and `1.0` differ.
public struct JSONNumber: Sendable, Hashable {
    // An integer in its only plain spelling is kept as such, everything else as text.
    private enum Storage: Hashable {
        case integer(Int)
        case literal(String)
    }

    private let storage: Storage

    /// An integer.
    public init(_ value: Int) { storage = .integer(value) }

    /// A floating-point number in its shortest spelling that reads back the same, with a `.0` where it is whole
    /// (`1.0`, `1e-05`, `1e+16`: as Python's `json` spells it); `nil` for infinities and NaN, which JSON cannot say.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        storage = .literal(value.description)
    }

    /// A number from the text of a JSON document, which is known to be in JSON's grammar.
    init(validated text: UnsafeBufferPointer<UInt8>) {
        if let integer = Self.plainInteger(text) {
            storage = .integer(integer)
        } else {
            storage = .literal(String(decoding: text, as: UTF8.self))
        }
    }

    /// The value of an integer that fits. Not for `-0`, which an integer would spell `0`.
    private static func plainInteger(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = text.dropFirst(isNegative ? 1 : 0)
        guard digits.count <= 19, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
        return isNegative && digits.first == UInt8(ascii: "0") ? nil : DecimalText.int(text)
    }

    /// The number as it is written.
    public var literal: String {
        switch storage {
        case .integer(let value): value.description
        case .literal(let text): text
        }
    }

    /// How many bytes the number as it is written has at most.
    var greatestLength: Int {
        switch storage {
        case .integer: 20
        case .literal(let text): text.utf8.count
        }
    }

    /// Appends the number as it is written.
    func write(to sink: inout ByteSink) {
        switch storage {
        case .integer(let value): sink.put(value)
        case .literal(let text): sink.put(text)
        }
    }

    /// The value as an integer, if it is integral and fits: exact, and `3`, `3.0` and `3e0` are all 3.
    public var int: Int? {
        switch storage {
        case .integer(let value): value
        case .literal(var text): text.withUTF8 { DecimalText.int($0) }
        }
    }

    /// The nearest floating-point value (infinite where the number is beyond its range).
    public var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .literal(var text): text.withUTF8 { DecimalText.double($0) }
        }
    }
}

extension JSONNumber: CustomStringConvertible {
    /// The number as it is written.
    public var description: String { literal }
}
