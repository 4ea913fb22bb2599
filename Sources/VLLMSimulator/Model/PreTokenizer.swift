/// Cuts a text into the pieces that merges do not cross, as the byte-level pre-tokenizer does with GPT-2's pattern:
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
struct PreTokenizer {
    private enum Kind {
        case letter, number, space, other

        init(_ scalar: Unicode.Scalar) {
            if scalar.properties.isWhitespace {
                self = .space
                return
            }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
            case .decimalNumber, .letterNumber, .otherNumber: self = .number
            default: self = .other
            }
        }
    }

    private static let contractions = ["s", "t", "re", "ve", "m", "ll", "d"].map { Array($0.unicodeScalars) }

    private let scalars: [Unicode.Scalar]
    private let kinds: [Kind]

    private init(_ text: Substring) {
        scalars = Array(text.unicodeScalars)
        kinds = scalars.map(Kind.init)
    }

    /// The pieces of `text` in order; together they are the text.
    static func pieces(of text: Substring) -> [[UInt8]] {
        let cutter = PreTokenizer(text)
        var pieces: [[UInt8]] = []
        var start = 0
        while start < cutter.scalars.count {
            let end = cutter.end(from: start)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: cutter.scalars[start..<end])
            pieces.append(Array(String(view).utf8))
            start = end
        }
        return pieces
    }

    private func end(from start: Int) -> Int {
        if let end = contractionEnd(from: start) { return end }
        switch kinds[start] {
        case .space:
            let next = start + 1
            if scalars[start] == " ", next < kinds.count, kinds[next] != .space { return runEnd(from: next) }
            let end = runEnd(from: start)
            // White space before a word leaves its last character to what follows, unless it is all there is.
            return end == kinds.count || end == next ? end : end - 1
        default:
            return runEnd(from: start)
        }
    }

    private func runEnd(from start: Int) -> Int {
        var end = start + 1
        while end < kinds.count, kinds[end] == kinds[start] { end += 1 }
        return end
    }

    private func contractionEnd(from start: Int) -> Int? {
        guard scalars[start] == "'" else { return nil }
        let rest = scalars[(start + 1)...]
        return Self.contractions.first { rest.starts(with: $0) }.map { start + 1 + $0.count }
    }
}
