extension JSONGrammar {
    /// Reads a string, whose opening quotation mark stands at the position.
    mutating func readString() throws(Problem) {
        let start = position
        position += 1
        while let byte = current {
            switch byte {
            case Self.quote:
                position += 1
                return
            case UInt8(ascii: "\\"):
                try readEscape()
            case 0..<0x20:
                throw problem("the control character 0x\(hex(byte)) in a string must be escaped")
            case 0x80...:
                try readMultiByteCharacter()
            default:
                position += 1
            }
        }
        throw Problem(message: "the string is not closed", offset: start)
    }

    private mutating func readEscape() throws(Problem) {
        let start = position
        position += 1
        guard let letter = current else { return }
        guard letter == UInt8(ascii: "u") else {
            guard #""\/bfnrt"#.utf8.contains(letter) else {
                throw Problem(message: "unknown escape: \(found) behind a backslash", offset: start)
            }
            position += 1
            return
        }
        let unit = try readCodeUnit()
        guard 0xD800...0xDFFF ~= unit else { return }
        if unit < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") {
            position += 1
            if try 0xDC00...0xDFFF ~= readCodeUnit() { return }
        }
        throw Problem(message: "the escape is half of a surrogate pair, which is no character", offset: start)
    }

    /// Reads `uXXXX`.
    private mutating func readCodeUnit() throws(Problem) -> Int {
        position += 1
        var unit = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw problem("expected four hexadecimal digits behind `\\u`, found \(found)")
            }
            unit = unit * 16 + digit
            position += 1
        }
        return unit
    }

    private mutating func readMultiByteCharacter() throws(Problem) {
        var decoder = Unicode.UTF8.ForwardParser()
        var rest = bytes[position...].prefix(4).makeIterator()
        guard case .valid(let scalar) = decoder.parseScalar(from: &rest) else {
            throw problem("invalid UTF-8: \(found)")
        }
        position += scalar.count
    }
}
