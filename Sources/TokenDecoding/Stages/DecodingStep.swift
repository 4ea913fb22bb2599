/// A decoder of `tokenizer.json`, with its options.
enum DecodingStep: Sendable, Equatable {
    /// Each letter stands for a byte.
    case byteLevel
    /// `<0x0A>` stands for a byte.
    case byteFallback
    /// A sign stands for the space before a word. In the first token it is dropped where `dropsFirst` says so.
    case metaspace(replacement: [UInt8], dropsFirst: Bool)
    case replace(pattern: [UInt8], content: [UInt8])
    /// Takes up to so many of a character from the start and the end of each token.
    case strip(content: [UInt8], start: Int, stop: Int)
    /// Makes one token of all.
    case fuse
    /// The prefix marks tokens that continue a word.
    case wordPiece(prefix: [UInt8], cleansUp: Bool)
    /// The suffix marks tokens that end a word.
    case wordEnd(suffix: [UInt8])
    /// A space between tokens, where the file has no decoder.
    case spaced
    /// Makes whole tokens of parts, for a step that needs them.
    case gather

    /// The step at work.
    var stage: any DecodingStage {
        switch self {
        case .byteLevel: ByteLevelStage()
        case .byteFallback: ByteFallbackStage()
        case .metaspace(let replacement, let dropsFirst): MetaspaceStage(replacement: replacement, dropsFirst: dropsFirst)
        case .replace(let pattern, let content): ReplaceStage(pattern: pattern, content: content)
        case .strip(let content, let start, let stop): StripStage(content: content, start: start, stop: stop)
        case .fuse: FuseStage()
        case .wordPiece(let prefix, let cleansUp): WordPieceStage(prefix: prefix, cleansUp: cleansUp)
        case .wordEnd(let suffix): WordEndStage(suffix: suffix)
        case .spaced: SpacedStage()
        case .gather: GatherStage()
        }
    }

    /// What becomes of a token in the midst of others.
    func bytesInMidst(of token: [UInt8]) -> [UInt8] {
        switch self {
        case .byteLevel: ByteLevelStage.bytes(of: token)
        case .byteFallback: ByteFallbackStage.byte(of: token).map { [$0] } ?? token
        case .metaspace(let replacement, _): token.replacing(replacement, with: [.space])
        case .replace(let pattern, let content): token.replacing(pattern, with: content)
        case .wordPiece(let prefix, let cleansUp): WordPieceStage.bytes(of: token, prefix: prefix, cleansUp: cleansUp)
        case .wordEnd(let suffix): token.replacing(suffix, with: [.space])
        case .spaced: [.space] + token
        case .strip, .fuse, .gather: token
        }
    }

    /// Whether it gives out parts of tokens.
    var makesParts: Bool {
        switch self {
        case .byteLevel, .byteFallback, .fuse, .wordEnd: true
        default: false
        }
    }

    /// Whether it needs whole tokens.
    var needsWholeTokens: Bool {
        switch self {
        case .byteLevel, .byteFallback, .metaspace, .wordPiece, .wordEnd: true
        default: false
        }
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
}
