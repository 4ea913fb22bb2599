internal import CSimdjson

/// A strict reader of JSON that only says what is wrong and where. It runs over texts that simdjson has refused already,
/// so it need not be fast; it does not recurse.
struct JSONGrammar {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    /// The brackets that close what is open, innermost last.
    private var closing: [UInt8] = []

    static let quote = UInt8(ascii: "\"")
    private static let brace = UInt8(ascii: "}")
    private static let bracket = UInt8(ascii: "]")

    struct Problem: Error {
        var message: String
        var offset: Int
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The first error in the text, or `nil` where it is JSON.
    mutating func firstError() -> JSONError? {
        do throws(Problem) {
            try readDocument()
            return nil
        } catch {
            return JSONError(message: error.message, offset: error.offset, in: bytes)
        }
    }

    private mutating func readDocument() throws(Problem) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw problem("a byte order mark is not part of JSON") }
        var awaitsValue = true
        repeat {
            awaitsValue = try awaitsValue ? readValue() : readOn()
        } while awaitsValue || !closing.isEmpty
        skipSpace()
        if position < bytes.count { throw problem("expected nothing more behind the value, found \(found)") }
    }

    /// Reads a value, or of an array or object the beginning; returns whether an element or member value comes next.
    private mutating func readValue() throws(Problem) -> Bool {
        skipSpace()
        guard let byte = current else { throw problem("expected a value, found \(found)") }
        switch byte {
        case UInt8(ascii: "["):
            try open(closedBy: Self.bracket)
            return !close()
        case UInt8(ascii: "{"):
            try open(closedBy: Self.brace)
            if close() { return false }
            try readKey(or: " or `}`")
            return true
        case Self.quote: try readString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
        default: try readWord()
        }
        return false
    }

    /// Reads on behind an element or member; returns whether another one comes next.
    private mutating func readOn() throws(Problem) -> Bool {
        if close() { return false }
        let isObject = closing.last == Self.brace
        guard skip(UInt8(ascii: ",")) else { throw problem("expected `,` or `\(isObject ? "}" : "]")`, found \(found)") }
        if isObject { try readKey(or: "") }
        return true
    }

    private mutating func open(closedBy byte: UInt8) throws(Problem) {
        guard closing.count < Int(CSIMDJSON_MAX_DEPTH) else {
            throw problem("nested more than \(CSIMDJSON_MAX_DEPTH) levels deep")
        }
        closing.append(byte)
        position += 1
    }

    private mutating func close() -> Bool {
        skipSpace()
        guard let byte = closing.last, skip(byte) else { return false }
        closing.removeLast()
        return true
    }

    private mutating func readKey(or alternative: String) throws(Problem) {
        skipSpace()
        guard current == Self.quote else { throw problem("expected a key in quotation marks\(alternative), found \(found)") }
        try readString()
        skipSpace()
        guard skip(UInt8(ascii: ":")) else { throw problem("expected `:` behind the key, found \(found)") }
    }

    private mutating func readWord() throws(Problem) {
        let start = position
        while let byte = current, UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !["true", "false", "null"].contains(word) else { return }
        position = start
        throw problem("expected a value, found \(word.isEmpty ? found : "`\(word.prefix(20))`")")
    }

    private mutating func readNumber() throws(Problem) {
        _ = skip(UInt8(ascii: "-"))
        let start = position
        try readDigits()
        if bytes[start] == UInt8(ascii: "0"), position > start + 1 {
            throw Problem(message: "a number may not begin with 0", offset: start)
        }
        if skip(UInt8(ascii: ".")) { try readDigits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            _ = skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-"))
            try readDigits()
        }
    }

    private mutating func readDigits() throws(Problem) {
        let start = position
        while let byte = current, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
        guard position > start else { throw problem("expected a digit, found \(found)") }
    }
}

extension JSONGrammar {
    /// The byte at the position, or `nil` at the end.
    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// What stands at the position, for a message.
    var found: String {
        guard let byte = current else { return "the end of the text" }
        return 0x21..<0x7F ~= byte ? "`\(Character(UnicodeScalar(byte)))`" : "the byte 0x\(hex(byte))"
    }

    func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    func problem(_ message: String) -> Problem {
        Problem(message: message, offset: position)
    }
}
