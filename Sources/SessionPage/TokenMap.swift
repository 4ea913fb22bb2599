import ProviderKit
import TokenDisplay

/// The tokens of a text with their probabilities, in the order of the text; what no token stands for is between them.
struct TokenMap {
    /// A part of the text.
    struct Part {
        /// What it says.
        var text: String
        /// The token that it is; `nil` for text between tokens.
        var token: TokenLogprob?
    }

    /// The parts in order.
    private(set) var parts: [Part] = []

    /// The tokens of one block. Each stands where it says (`text_offset`, in code points); where that does not fit `text`, the text is made
    /// of the tokens alone.
    init(_ tokens: [TokenLogprob], of text: String?) {
        if let text, place(tokens, in: text) { return }
        parts = tokens.map { Part(text: $0.token, token: $0) }
    }

    /// Tokens that make no text: white space is shown by signs.
    init(marking tokens: [TokenLogprob]) {
        parts = tokens.map { Part(text: TokenText.marked($0.token, $0.bytes), token: $0) }
    }

    /// Puts each token in its place.
    /// - Returns: whether there was a place for each.
    private mutating func place(_ tokens: [TokenLogprob], in text: String) -> Bool {
        let scalars = text.unicodeScalars
        var parts: [Part] = []
        var (position, offset) = (scalars.startIndex, 0)
        for (index, token) in tokens.enumerated() {
            guard let start = token.textOffset, start >= offset,
                let first = scalars.index(position, offsetBy: start - offset, limitedBy: scalars.endIndex)
            else { return false }
            // A token that holds a part of a character, or white space that was stripped, may be longer than what it left in the text.
            var length = token.token.unicodeScalars.count
            if index + 1 < tokens.count, let next = tokens[index + 1].textOffset {
                guard next >= start else { return false }
                length = min(length, next - start)
            }
            let end = scalars.index(first, offsetBy: length, limitedBy: scalars.endIndex) ?? scalars.endIndex
            if position < first { parts.append(Part(text: String(text[position..<first]))) }
            parts.append(Part(text: String(text[first..<end]), token: token))
            offset = start + scalars.distance(from: first, to: end)
            position = end
        }
        if position < scalars.endIndex { parts.append(Part(text: String(text[position...]))) }
        self.parts = parts
        return true
    }

    /// From likely to unlikely, 0 to 4: the classes `p0` to `p4` of the page, with the same limits as on a terminal.
    static func step(_ probability: Probability) -> Int {
        switch probability.value {
        case 0.95...: 0
        case 0.8...: 1
        case 0.5...: 2
        case 0.2...: 3
        default: 4
        }
    }

    /// What is told of a token: it and its rivals, a line each, the probability in front.
    static func title(_ token: TokenLogprob) -> String {
        let own = "\(token.probability?.percent ?? "—")\t\(name(token.token, token.bytes))"
        let rivals = token.topLogprobs.filter { $0.token != token.token || $0.bytes != token.bytes }.prefix(20).map {
            "\(Probability(logprob: $0.logprob).percent)\t\(name($0.token, $0.bytes))"
        }
        return ([own] + rivals).joined(separator: "\n")
    }

    private static func name(_ token: String, _ bytes: [UInt8]?) -> String { TokenText.marked(token, bytes).beginning(100) }
}
