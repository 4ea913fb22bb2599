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
        return seen < 0x80 ? Self.ascii(content) : Self.valid(content)
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

    /// Moves behind a list of integers that are the bytes of a text, to the bracket that closes it, if these come next and no others.
    /// - Returns: whether they do; `false` also where nobody has looked: near the end, and for a text with characters from U+F000 to U+FFFF.
    @inlinable @inline(__always)
    public mutating func skip(bytesOf string: String) -> Bool {
        guard let place = string.utf8.withContiguousStorageIfAvailable({ end(ofListOf: $0) }) ?? nil else { return false }
        position = place
        return true
    }

    @usableFromInline
    func end(ofListOf bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let start = text.baseAddress, position + 4 * bytes.count < text.count else { return nil }
        if bytes.isEmpty { return byte(position) == UInt8(ascii: "]") ? position : nil }
        return ByteSpelling.table.withUnsafeBufferPointer { table in
            var at = position
            let last = bytes.count &- 1
            for index in bytes.indices {
                guard bytes[index] != 0xEF else { return nil }
                let entry = table[Int(bytes[index])]
                let (spelling, bits) = (UInt32(truncatingIfNeeded: entry), UInt32(truncatingIfNeeded: entry &>> 32))
                let found = UInt32(littleEndian: UnsafeRawPointer(start).loadUnaligned(fromByteOffset: at, as: UInt32.self))
                let closing = index == last ? ByteSpelling.closing &<< (bits &- 8) : 0
                guard (found ^ spelling ^ closing) &<< (32 &- bits) == 0 else { return nil }
                at &+= Int(bits &>> 3)
            }
            return at &- 1
        }
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
        // Below this, eight more digits fit.
        while digits.magnitude < 100_000_000_000, let next = nextDigits(place) {
            digits.magnitude = digits.magnitude &* Self.powersOfTen[next.count] &+ next.value
            place &+= next.count
            if next.count < 8 { return place - start }
        }
        while case let digit = byte(place) &- UInt8(ascii: "0"), digit < 10 {
            if digits.magnitude > UInt64.max / 10 - 1 { digits.fit = false }
            digits.magnitude = digits.magnitude &* 10 &+ UInt64(digit)
            place += 1
        }
        return place - start
    }

    private static let powersOfTen: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]

    /// The digits at a place, up to eight of them; `nil` where the text has no eight bytes left. Neighbours are joined, then pairs of them,
    /// then those.
    @inline(__always)
    private func nextDigits(_ place: Int) -> (value: UInt64, count: Int)? {
        guard text.count &- place >= 8, let start = text.baseAddress else { return nil }
        let bytes = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(fromByteOffset: place, as: UInt64.self))
        // A digit leaves no bit of this set in its byte. Bytes behind the first other one do not count, so neither does what carries to them.
        let values = bytes ^ 0x3030_3030_3030_3030
        let others = (values | (values &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0
        let count = others.trailingZeroBitCount &>> 3
        // The digits move to the end, behind zeros; in two steps, since 64 bits are no shift.
        let half = UInt64(truncatingIfNeeded: 32 &- 4 &* count)
        let digits = (values &<< half) &<< half
        let pairs = (digits &* 10 &+ digits &>> 8) & 0x00FF_00FF_00FF_00FF
        let quads = (pairs &* 100 &+ pairs &>> 16) & 0x0000_FFFF_0000_FFFF
        return ((quads &* 10_000 &+ quads &>> 32) & 0xFFFF_FFFF, count)
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

    /// ASCII as a string; a short one holds its bytes itself, and is made where it is.
    @inline(__always)
    private static func ascii(_ content: UnsafeBufferPointer<UInt8>) -> String {
        guard content.count <= 15 else { return String(decoding: content, as: UTF8.self) }
        return String(unsafeUninitializedCapacity: content.count) { memory in
            for index in content.indices { memory[index] = content[index] }
            return content.count
        }
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

/// How bytes are spelled in a list of integers.
private enum ByteSpelling {
    /// For each byte its digits and the comma behind them, the first one lowest, and above these how many bits they have.
    static let table: [UInt64] = (0...255).map { byte in
        let text = Array("\(byte),".utf8)
        return text.reversed().reduce(0) { $0 << 8 | UInt64($1) } | UInt64(text.count * 8) << 32
    }

    /// What makes the bracket behind the last one of that comma, lowest.
    static let closing = UInt32(UInt8(ascii: ",") ^ UInt8(ascii: "]"))
}
