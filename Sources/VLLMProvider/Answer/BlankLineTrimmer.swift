/// Takes the blank lines off both ends of a block while it streams: white space is held back until it is known what follows.
///
/// Models put line breaks around their reasoning and before their answer (`"\n\n4"`), and a server streams them as text of
/// their own, which would make a block of nothing before a tool call. Indentation of the first line and trailing spaces stay.
struct BlankLineTrimmer {
    private(set) var hasStarted = false
    private var held = ""

    /// Takes the next piece and returns what can be shown now, perhaps nothing.
    mutating func consume(_ piece: String) -> String {
        // Most pieces: nothing was held back, and there is nothing to hold.
        if hasStarted, held.isEmpty, let last = piece.utf8.last, !Self.isBlank(last) { return piece }
        guard let last = piece.utf8.lastIndex(where: { !Self.isBlank($0) }) else {
            hold(piece)
            return ""
        }
        let end = piece.utf8.index(after: last)
        var shown = held + piece[..<end]
        held = String(piece[end...])
        if !hasStarted {
            hasStarted = true
            shown = Self.withoutLeadingBlankLines(shown)
        }
        return shown
    }

    /// The block ends: returns the white space that belongs to its last line, and starts afresh.
    mutating func finish() -> String {
        defer { self = BlankLineTrimmer() }
        guard hasStarted else { return "" }
        return String(held.prefix { $0 == " " || $0 == "\t" })
    }

    private mutating func hold(_ blank: String) {
        // Before the first line only its own indentation can matter.
        let indentation = hasStarted ? blank : Self.withoutLeadingBlankLines(blank)
        if indentation.utf8.count < blank.utf8.count { held = indentation } else { held += indentation }
    }

    private static func withoutLeadingBlankLines(_ text: String) -> String {
        let start = text.utf8.firstIndex { !isBlank($0) } ?? text.endIndex
        guard let lineBreak = text.utf8[..<start].lastIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) else {
            return text
        }
        return String(text[text.utf8.index(after: lineBreak)...])
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
