/// A token's text, shown so that no two tokens look alike: white space, control and invisible characters, and half characters are
/// spelled out.
package enum TokenText {
    /// In quotation marks, as JSON and Swift spell texts: `" Paris"`, `"\n"`, `"\xE2\x98"`.
    package static func quoted(_ token: String, _ bytes: [UInt8]?) -> String {
        let text = pieces(token, bytes).enumerated().map { index, piece in
            switch piece {
            case .scalar("\""): "\\\""
            case .scalar("\n"): "\\n"
            case .scalar("\t"): "\\t"
            case .scalar("\r"): "\\r"
            default: spelled(piece, isFirst: index == 0)
            }
        }
        return "\"\(text.joined())\""
    }

    /// Without quotation marks, white space as signs: `␣Paris`, `⏎`; `∅` for a token without text, as the beginning of a character has
    /// that a later token completes.
    package static func marked(_ token: String, _ bytes: [UInt8]?) -> String {
        let pieces = pieces(token, bytes)
        if pieces.isEmpty { return "∅" }
        return pieces.enumerated().map { index, piece in
            switch piece {
            case .scalar(" "): "␣"
            case .scalar("\n"): "⏎"
            case .scalar("\t"): "⇥"
            case .scalar("␣"), .scalar("⏎"), .scalar("⇥"), .scalar("∅"): escape(piece)
            default: spelled(piece, isFirst: index == 0)
            }
        }.joined()
    }

    /// How many columns of a terminal a text takes, roughly: East Asian characters and pictures take two.
    package static func columns(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { sum, scalar in
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
                0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                sum + 2
            default: scalar.properties.generalCategory == .nonspacingMark ? sum : sum + 1
            }
        }
    }

    private enum Piece {
        case scalar(Unicode.Scalar)
        /// A byte of a character that is not whole.
        case byte(UInt8)
    }

    private static func pieces(_ token: String, _ bytes: [UInt8]?) -> [Piece] {
        guard let bytes, String(validating: bytes, as: UTF8.self) == nil else { return token.unicodeScalars.map { .scalar($0) } }
        var pieces: [Piece] = []
        var rest = bytes[...]
        while let first = rest.first {
            let whole = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first
            pieces += whole.map { $0.unicodeScalars.map { .scalar($0) } } ?? [.byte(first)]
            rest = rest.dropFirst(whole?.utf8.count ?? 1)
        }
        return pieces
    }

    private static func spelled(_ piece: Piece, isFirst: Bool) -> String {
        guard case .scalar(let scalar) = piece else { return escape(piece) }
        if scalar == "\\" { return "\\\\" }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return escape(piece)
        case .spaceSeparator: return scalar == " " ? " " : escape(piece)
        // It would sit on the character in front, which belongs to something else.
        case .nonspacingMark, .enclosingMark, .spacingMark: return isFirst ? escape(piece) : String(scalar)
        default: return scalar == "\u{FFFD}" ? escape(piece) : String(scalar)
        }
    }

    private static func escape(_ piece: Piece) -> String {
        switch piece {
        case .scalar(let scalar): "\\u{\(hexadecimal(scalar.value, digits: 4))}"
        case .byte(let byte): "\\x\(hexadecimal(UInt32(byte), digits: 2))"
        }
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(digits - text.count, 0)) + text
    }
}
