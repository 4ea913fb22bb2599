/// Tokens of which those that continue a word have a prefix.
struct WordPieceStage: DecodingStage {
    let prefix: [UInt8]
    let cleansUp: Bool
    private var isFirst = true

    init(prefix: [UInt8], cleansUp: Bool) {
        (self.prefix, self.cleansUp) = (prefix, cleansUp)
    }

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        defer { isFirst = false }
        let bytes =
            isFirst
            ? Self.cleaned(part.bytes, cleansUp)
            : Self.bytes(of: part.bytes, prefix: prefix, cleansUp: cleansUp)
        return [TokenPart(bytes: bytes, endsToken: true)]
    }

    /// The bytes of a token that is not the first.
    static func bytes(of token: [UInt8], prefix: [UInt8], cleansUp: Bool) -> [UInt8] {
        cleaned(token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [.space] + token, cleansUp)
    }

    /// Takes away the space before punctuation and English contractions (`tokenizers` 0.23, in this order).
    private static func cleaned(_ token: [UInt8], _ cleansUp: Bool) -> [UInt8] {
        guard cleansUp, token.contains(.space) else { return token }
        return contractions.reduce(token) { $0.replacing($1.spaced, with: $1.plain) }
    }

    private static let contractions: [(spaced: [UInt8], plain: [UInt8])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
        (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }
}
