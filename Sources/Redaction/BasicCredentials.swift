/// User and password, as HTTP's scheme `Basic` spells them: base64 of `user:password` (RFC 7617).
struct BasicCredentials {
    let user: String
    let password: String

    /// Reads base64; `nil` where it does not hold printable text with a colon in it.
    init?(base64: some Collection<UInt8>) {
        guard let text = Self.decoded(base64), text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        user = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
    }

    private static func decoded(_ base64: some Collection<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for character in base64 {
            guard character != UInt8(ascii: "=") else { break }
            guard let value = value(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
