@testable import VLLMProvider

// The fuzzer has this file, too: a link in Fuzz/Sources/Fuzz leads here.
extension MarkupSplitter {
    /// All that the texts say, with neighbouring pieces of one kind joined: in how many pieces something is said means nothing.
    mutating func joinedPieces(of texts: [String]) -> [MarkupPiece] {
        var pieces: [MarkupPiece] = []
        for text in texts { consume(text, to: &pieces) }
        finish(to: &pieces)
        return pieces.reduce(into: []) { joined, piece in
            switch (joined.last, piece) {
            case (.text(let before)?, .text(let after)): joined[joined.count - 1] = .text(before + after)
            case (.thinking(let before)?, .thinking(let after)): joined[joined.count - 1] = .thinking(before + after)
            case (.callArguments(let before)?, .callArguments(let after)): joined[joined.count - 1] = .callArguments(before + after)
            default: joined.append(piece)
            }
        }
    }
}
