internal import CSimdjson

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads a text whose form is known but for some of its values: one step after the other, each of which says whether it fits.
///
/// It reads strings and integers as `JSONView` does, and refuses what that would refuse. It does not know where in the text it is: that
/// a string or a list of integers may stand there is for the caller to know. The bytes have to outlive it.
public struct JSONFragmentReader {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// A reader at the start of `text`.
    public init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    /// Whether all of the text was read.
    public var isAtEnd: Bool { position == text.count }

    /// How many bytes are behind us.
    public var offset: Int { position }

    /// Moves behind `bytes`, if they come next.
    public mutating func skip(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= text.count - position, let start = text.baseAddress else { return bytes.isEmpty }
        guard bytes.withUnsafeBytes({ memcmp(start + position, $0.baseAddress ?? UnsafeRawPointer(start), $0.count) == 0 }) else {
            return false
        }
        position += bytes.count
        return true
    }

    /// Moves to a byte of the text.
    public mutating func move(to offset: Int) {
        position = min(max(offset, 0), text.count)
    }

    /// Reads what stands between the quotes of a string, of which the first is behind us, and moves to the second.
    /// - Returns: the string, or `nil` where it does not end, is not UTF-8, or has an escape or control character that JSON does not allow.
    public mutating func string() -> String? {
        let start = position
        var seen: UInt8 = 0
        var hasEscapes = false
        var end = start
        while true {
            guard end < text.count else { return nil }
            let byte = text[end]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                end += 1
                guard end < text.count else { return nil }
            }
            guard text[end] >= 0x20 else { return nil }
            seen |= text[end]
            end += 1
        }
        let content = UnsafeBufferPointer(rebasing: text[start..<end])
        position = end
        if hasEscapes { return Self.unescaped(content) }
        // What is ASCII needs no second look.
        return seen < 0x80 ? String(decoding: content, as: UTF8.self) : String(validating: content, as: UTF8.self)
    }

    /// Reads the integers between the brackets of an array, of which the first is behind us, and moves to the second.
    /// - Returns: the integers, or `nil` where something stands there that is not the plain spelling of one of up to 18 digits, or white space.
    public mutating func integers() -> [Int]? {
        var integers: [Int] = []
        while position < text.count {
            if integers.isEmpty, text[position] == UInt8(ascii: "]") { return integers }
            guard let integer = integer(), position < text.count else { return nil }
            integers.append(integer)
            if text[position] == UInt8(ascii: "]") { return integers }
            guard text[position] == UInt8(ascii: ",") else { return nil }
            position += 1
        }
        return nil
    }

    private mutating func integer() -> Int? {
        let start = position
        var value = 0
        while position < text.count, position - start < 18 {
            let digit = text[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value = value * 10 + Int(digit)
            position += 1
        }
        guard position > start, text[start] != UInt8(ascii: "0") || position == start + 1 else { return nil }
        return value
    }

    private static func unescaped(_ content: UnsafeBufferPointer<UInt8>) -> String? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: content.count) { copy in
            guard let start = copy.baseAddress else { return nil }
            _ = copy.initialize(fromContentsOf: content)
            let length = csimdjson_unescape(start, content.count)
            return length < 0 ? nil : String(validating: copy[..<length], as: UTF8.self)
        }
    }
}
