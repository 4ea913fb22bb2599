/// Base64 (RFC 4648, section 4).
enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// The bytes as base64 behind `prefix`, in one allocation.
    static func encode(_ bytes: [UInt8], after prefix: String = "") -> String {
        let digits = alphabet.utf8Start
        return String(unsafeUninitializedCapacity: prefix.utf8.count + (bytes.count + 2) / 3 * 4) { output in
            var end = 0
            func put(_ byte: UInt8) {
                output[end] = byte
                end += 1
            }
            for byte in prefix.utf8 { put(byte) }
            bytes.withUnsafeBufferPointer { input in
                for start in stride(from: 0, to: input.count, by: 3) {
                    let count = min(3, input.count - start)
                    var group: UInt32 = 0
                    for offset in 0..<3 { group = group << 8 | UInt32(offset < count ? input[start + offset] : 0) }
                    for digit in 0..<4 {
                        put(digit <= count ? digits[Int(group >> (18 - 6 * UInt32(digit)) & 63)] : UInt8(ascii: "="))
                    }
                }
            }
            return end
        }
    }

    /// The first bytes of what a text encodes, as far as it is base64.
    static func head(of text: String, count: Int) -> [UInt8] {
        var (bytes, bits, width): ([UInt8], UInt32, Int) = ([], 0, 0)
        for byte in text.utf8 {
            guard bytes.count < count, let value = value(of: byte) else { break }
            (bits, width) = (bits << 6 | value, width + 6)
            guard width >= 8 else { continue }
            width -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(width)))
        }
        return bytes
    }

    /// Whether a text's first kilobyte is base64, line breaks included. Padding is an end.
    static func canBegin(_ text: String) -> Bool {
        var isPadded = false
        for byte in text.utf8.prefix(1024) {
            switch byte {
            case UInt8(ascii: "="): isPadded = true
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"): break
            default: guard !isPadded, value(of: byte) != nil else { return false }
            }
        }
        return true
    }

    private static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
