/// How texts are cut into what is compared.
enum TextPieces {
    /// Words, each run of spaces, each line break and each other character alone. Scripts that put no spaces between words are compared
    /// character by character.
    static func words(_ text: String) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var last: Kind?
        for index in text.indices {
            let kind = Kind(text[index])
            if let last, last != kind || kind == .single { pieces.append(cut(text, &start, index)) }
            last = kind
        }
        if last != nil { pieces.append(text[start...]) }
        return pieces
    }

    /// Lines with their line breaks.
    static func lines(_ text: String) -> [Substring] {
        var pieces: [Substring] = []
        var start = text.startIndex
        var index = start
        while let end = text.utf8[index...].firstIndex(of: UInt8(ascii: "\n")) {
            index = text.utf8.index(after: end)
            pieces.append(cut(text, &start, index))
        }
        if start < text.endIndex { pieces.append(text[start...]) }
        return pieces
    }

    private static func cut(_ text: String, _ start: inout String.Index, _ end: String.Index) -> Substring {
        defer { start = end }
        return text[start..<end]
    }

    private enum Kind {
        case word
        case space
        case single

        init(_ character: Character) {
            guard let scalar = character.unicodeScalars.first else {
                self = .single
                return
            }
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "'": self = .word
            case " ", "\t": self = .space
            default:
                // Kana, ideographs, Thai, Lao and Khmer: no spaces between words.
                let hasWords =
                    !(0x2E80...0xABFF ~= scalar.value || 0xE00...0xEFF ~= scalar.value || 0x1780...0x17FF ~= scalar.value
                    || scalar.value >= 0xF900)
                self = scalar.properties.isAlphabetic && hasWords ? .word : .single
            }
        }
    }
}

/// A text that equals another one where their bytes do: answers that differ in Unicode normalisation differ.
struct ExactText: Hashable {
    private let text: Substring

    init(_ text: Substring) {
        self.text = text
    }

    static func == (left: ExactText, right: ExactText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension StringProtocol {
    /// Whether the bytes of two texts are the same.
    func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
