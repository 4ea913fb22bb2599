import JSON

/// What a plain scalar means where nobody asks for a type: the core schema of YAML 1.2 (chapter 10.3.2), in which `yes` and `on` are text.
enum CoreSchema {
    /// Whether plain text means no value.
    static func isNull(_ text: String) -> Bool {
        switch text {
        case "", "~", "null", "Null", "NULL": true
        default: false
        }
    }

    /// A truth value.
    static func bool(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }

    /// A whole number: decimal, `0o17` or `0x1F`.
    static func int(_ text: String) -> Int? {
        if text.hasPrefix("0x") { return unsigned(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return unsigned(text.dropFirst(2), radix: 8) }
        return Int(text)
    }

    private static func unsigned(_ digits: Substring, radix: Int) -> Int? {
        guard let first = digits.first, first != "-", first != "+" else { return nil }
        return Int(digits, radix: radix)
    }

    /// A finite number. Infinities and NaN, which YAML writes `.inf` and `.nan`, make no sense in a configuration and are not numbers here.
    static func double(_ text: String) -> Double? {
        guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            text.utf8.allSatisfy({ isNumberByte($0) }), isDigit(first) || first == UInt8(ascii: "."),
            // `5.` is a number of the schema, which Swift's reader does not take.
            let value = Double(text.hasSuffix(".") && text.utf8.contains(where: isDigit) ? text + "0" : text), value.isFinite
        else { return nil }
        return value
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"),
            UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// The value of plain text as JSON. A number keeps its spelling where JSON can spell it so.
    static func json(_ text: String) -> JSONValue {
        if isNull(text) { return .null }
        if let value = bool(text) { return .bool(value) }
        guard int(text) != nil || double(text) != nil else { return .string(text) }
        if let number = try? JSONValue(parsing: text), number.number != nil { return number }
        if let value = int(text) { return .integer(value) }
        return double(text).map { .double($0) } ?? .string(text)
    }
}
