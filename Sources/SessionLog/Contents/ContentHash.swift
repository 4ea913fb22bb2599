import Checksum

/// The SHA-256 checksum of the compact JSON text of a value, by which a log refers to it.
struct ContentHash: Hashable {
    private let words: SIMD4<UInt64>

    /// The checksum of a value's text; `nil` where there is no memory to reckon it.
    init?(of text: some Sequence<UInt8>) {
        let digest = text.withContiguousStorageIfAvailable { SHA256.digest(of: UnsafeRawBufferPointer($0)) } ?? nil
        guard let digest else { return nil }
        var words = SIMD4<UInt64>()
        for (index, byte) in digest.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    /// The checksum that a log writes as `sha256:` and 64 hexadecimal digits in lower case; `nil` for another text.
    init?(_ text: String) {
        let digits = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard text.hasPrefix(Self.prefix), digits.count == 64 else { return nil }
        var words = SIMD4<UInt64>()
        for (index, digit) in digits.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
        }
        self.words = words
    }

    /// As a log writes it.
    var text: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: Self.prefix.utf8.count + 64) { buffer in
            var count = 0
            for byte in Self.prefix.utf8 {
                buffer[count] = byte
                count += 1
            }
            for index in 0..<64 {
                buffer[count + index] = digits[Int(words[index / 16] >> UInt64(60 - index % 16 * 4) & 15)]
            }
            return count + 64
        }
    }

    private static let prefix = "sha256:"
}
