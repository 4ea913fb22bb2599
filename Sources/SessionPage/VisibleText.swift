/// A text taken apart, so that nothing in it works unseen: control characters, marks that turn the direction of writing around, and
/// characters without a shape can make a text look like another one, or hide one in it.
struct VisibleText {
    /// A part of the text.
    enum Piece {
        /// Text to be shown as it is.
        case plain(Substring)
        /// A character to be named instead.
        case hidden(Unicode.Scalar)
    }

    /// The parts in order.
    let pieces: [Piece]

    init(_ text: some StringProtocol) {
        let text = Substring(text)
        // Nearly all texts are of this kind, and a look at their bytes tells so.
        guard text.utf8.contains(where: Self.mayBelongToHidden) else {
            pieces = text.isEmpty ? [] : [.plain(text)]
            return
        }
        var pieces: [Piece] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        for index in scalars.indices where Self.isHidden(scalars[index]) {
            // A line break of two characters is one.
            if scalars[index] == "\r", case let next = scalars.index(after: index), next < scalars.endIndex, scalars[next] == "\n" {
                continue
            }
            if start < index { pieces.append(.plain(text[start..<index])) }
            pieces.append(.hidden(scalars[index]))
            start = scalars.index(after: index)
        }
        if start < scalars.endIndex { pieces.append(.plain(text[start...])) }
        self.pieces = pieces
    }

    /// A character by its number: `U+202E`.
    static func name(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// Whether a byte of UTF-8 occurs in a character that is not shown: controls, and the first bytes of U+0080…00BF, U+0600…063F,
    /// U+1800…1FFF, U+2000…2FFF, U+F000…FFFF and U+C0000…FFFFF.
    private static func mayBelongToHidden(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A: false
        case 0x00..<0x20, 0x7F, 0xC2, 0xD8, 0xE1, 0xE2, 0xEF, 0xF3: true
        default: false
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        // Controls of ASCII and Latin 1.
        case 0x00..<0x20, 0x7F...0x9F: true
        // The direction of writing.
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        // Without a shape. Those that join letters (U+200C, U+200D) stay: scripts and pictures need them.
        case 0x180E, 0x200B, 0x2060...0x2064, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
        // Separators of lines and paragraphs, and tags.
        case 0x2028, 0x2029, 0xE0000...0xE007F: true
        default: false
        }
    }
}
