/// The names of sessions and of calls: lower-case UUIDs of version 4 where this package makes them.
public enum SessionID {
    /// A new name, different from every other.
    public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }

    /// A new name from the random numbers of `generator`.
    public static func random(using generator: inout some RandomNumberGenerator) -> String {
        // RFC 9562: the version in bits 12 to 15 of the first word, the variant in the top two bits of the second.
        let high: UInt64 = generator.next() & ~0xF000 | 0x4000
        let low: UInt64 = generator.next() & ~(0b11 << 62) | (0b10 << 62)
        let digits = hexadecimal(high) + hexadecimal(low)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(decoding: digits[$0], as: UTF8.self) }
        return groups.joined(separator: "-")
    }

    private static func hexadecimal(_ word: UInt64) -> [UInt8] {
        stride(from: 60, through: 0, by: -4).map { shift in
            let digit = UInt8(word >> UInt64(shift) & 15)
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
