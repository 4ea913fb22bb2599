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
    @usableFromInline let text: UnsafeBufferPointer<UInt8>
    @usableFromInline var position = 0

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

    /// Moves behind a text in ASCII, if it comes next.
    @inlinable @inline(__always)
    public mutating func skip(_ known: StaticString) -> Bool {
        guard isNext(known) else { return false }
        position += known.utf8CodeUnitCount
        return true
    }

    /// Whether a text in ASCII comes next. Inlined, it is a comparison or two.
    @inlinable @inline(__always)
    public func isNext(_ known: StaticString) -> Bool {
        let count = known.utf8CodeUnitCount
        guard count <= text.count - position else { return false }
        for index in 0..<count where text[position &+ index] != known.utf8Start[index] { return false }
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
        var end = start
        var seen: UInt8 = 0
        var hasEscapes = false
        while end < text.count, text[end] != UInt8(ascii: "\"") {
            if text[end] == UInt8(ascii: "\\") {
                hasEscapes = true
                end += 1
            }
            guard byte(end) >= 0x20 else { return nil }
            seen |= text[end]
            end += 1
        }
        guard end < text.count else { return nil }
        let content = UnsafeBufferPointer(rebasing: text[start..<end])
        position = end
        if hasEscapes { return Self.unescaped(content) }
        return seen < 0x80 ? String(decoding: content, as: UTF8.self) : Self.valid(content)
    }

    /// Reads a number.
    /// - Returns: the nearest value, or `nil` where something else than a number stands.
    public mutating func number() -> Double? {
        let start = position
        var at = start
        let isNegative = byte(at) == UInt8(ascii: "-")
        if isNegative { at += 1 }
        var digits = DecimalDigits()
        let hasLeadingZero = byte(at) == UInt8(ascii: "0")
        let whole = skipDigits(&at, &digits)
        guard whole == 1 || whole > 1 && !hasLeadingZero else { return nil }
        var places = 0
        if byte(at) == UInt8(ascii: ".") {
            at += 1
            places = skipDigits(&at, &digits)
            if places == 0 { return nil }
        }
        let hasExponent = byte(at) | 0x20 == UInt8(ascii: "e")
        if hasExponent {
            at += 1
            if byte(at) == UInt8(ascii: "+") || byte(at) == UInt8(ascii: "-") { at += 1 }
            if skipDigits(&at, &digits) == 0 { return nil }
        }
        position = at
        let isQuick = !hasExponent && digits.fit
        let value = isQuick ? DecimalText.double(digits.magnitude, places: places) : nil
        return value.map { isNegative ? -$0 : $0 } ?? DecimalText.double(UnsafeBufferPointer(rebasing: text[start..<at]))
    }

    /// Reads the integers between the brackets of an array, of which the first is behind us, and moves to the second.
    /// - Returns: the integers, or `nil` where something stands there that is not the plain spelling of one of up to 18 digits, or white space.
    public mutating func integers() -> [Int]? {
        var integers: [Int] = []
        if byte(position) == UInt8(ascii: "]") { return integers }
        while let integer = integer() {
            integers.append(integer)
            if byte(position) == UInt8(ascii: "]") { return integers }
            guard byte(position) == UInt8(ascii: ",") else { return nil }
            position += 1
        }
        return nil
    }

    /// Reads the bytes between the brackets of an array of integers, as `integers` does.
    /// - Returns: the bytes, or `nil` where there are more than 256, and where something else stands there or an integer is over 255.
    public mutating func bytes() -> [UInt8]? {
        if byte(position) == UInt8(ascii: "]") { return [] }
        var reader = self
        let bytes: [UInt8]? = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { bytes in
            var count = 0
            while count < bytes.count, let integer = reader.integer(), integer <= 255 {
                bytes.initializeElement(at: count, to: UInt8(truncatingIfNeeded: integer))
                count += 1
                let next = reader.byte(reader.position)
                if next == UInt8(ascii: "]") { return Array(bytes[..<count]) }
                guard next == UInt8(ascii: ",") else { return nil }
                reader.position += 1
            }
            return nil
        }
        position = reader.position
        return bytes
    }

    /// The byte at a place, 0 behind the last.
    @inline(__always)
    private func byte(_ place: Int) -> UInt8 { place < text.count ? text[place] : 0 }

    /// Digits as an integer, as long as it fits.
    private struct DecimalDigits {
        var magnitude: UInt64 = 0
        var fit = true
    }

    /// Moves behind the digits that come next, and appends them to others.
    /// - Returns: how many there are.
    @inline(__always)
    private func skipDigits(_ place: inout Int, _ digits: inout DecimalDigits) -> Int {
        let start = place
        while case let digit = byte(place) &- UInt8(ascii: "0"), digit < 10 {
            if digits.magnitude > UInt64.max / 10 - 1 { digits.fit = false }
            digits.magnitude = digits.magnitude &* 10 &+ UInt64(digit)
            place += 1
        }
        return place - start
    }

    /// Reads an integer.
    /// - Returns: the integer, or `nil` where something else stands than the plain spelling of one of up to 18 digits, which any `Int` holds.
    @inline(__always)
    public mutating func integer() -> Int? {
        let start = position
        var at = start
        var value = 0
        while byte(at) &- UInt8(ascii: "0") < 10 {
            value = value &* 10 &+ Int(text[at] &- UInt8(ascii: "0"))
            at += 1
        }
        let digits = at - start
        guard digits == 1 || digits > 1 && digits <= 18 && text[start] != UInt8(ascii: "0") else { return nil }
        position = at
        return value
    }

    private static func unescaped(_ content: UnsafeBufferPointer<UInt8>) -> String? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: content.count) { copy in
            guard let start = copy.baseAddress else { return nil }
            _ = copy.initialize(fromContentsOf: content)
            let length = csimdjson_unescape(start, content.count)
            return length < 0 ? nil : valid(UnsafeBufferPointer(rebasing: copy[..<length]))
        }
    }

    /// The bytes as a string; `nil` where they are not UTF-8, which repairing them shows.
    private static func valid(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        var string = String(decoding: bytes, as: UTF8.self)
        let isSame = string.withUTF8 { string in
            guard let start = string.baseAddress, let expected = bytes.baseAddress else { return bytes.isEmpty }
            return string.count == bytes.count && memcmp(start, expected, bytes.count) == 0
        }
        return isSame ? string : nil
    }
}
