import JSON

/// Spells single values in YAML so that reading them back gives the same value.
enum YAMLText {
    /// A scalar.
    static func spell(_ scalar: ConfigurationScalar) -> String {
        // Text that looks like another type (to a reader of YAML 1.1 `no` does) needs its quotation marks; a plain value must not get any.
        let isTyped = CoreSchema.json(scalar.text) != .string(scalar.text) || oldBooleans.contains(scalar.text.lowercased())
        return isSafePlain(scalar.text) && (scalar.isPlain || !isTyped) ? scalar.text : quote(scalar.text)
    }

    private static let oldBooleans: Set<String> = ["yes", "no", "on", "off", "y", "n"]

    /// A key.
    static func spell(key: String) -> String { isSafePlain(key) && key != "<<" && !CoreSchema.isNull(key) ? key : quote(key) }

    /// Whether a text reads back as itself without quotation marks, in block and in flow style. Texts for which it would take a long look
    /// count as unsafe.
    private static func isSafePlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, text.utf8.count <= 500 else { return false }
        guard isLetterOrDigit(first) || "/_".utf8.contains(first) || CoreSchema.double(text) != nil else { return false }
        guard last != UInt8(ascii: ":"), last != UInt8(ascii: " "), !text.contains(": "), !text.contains(" #"), !text.contains("  ")
        else { return false }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || " _-./:+@%=()#;".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    /// A text in double quotation marks. What JSON writes as it is but YAML does not allow, or takes for the end of a line, is escaped.
    private static func quote(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                switch scalar.value {
                case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...:
                    result.unicodeScalars.append(scalar)
                default:
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }
}
