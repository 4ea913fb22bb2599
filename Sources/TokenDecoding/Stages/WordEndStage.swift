/// Tokens of which those that end a word have a suffix, which becomes a space, but not in the last token.
struct WordEndStage: DecodingStage {
    let suffix: [UInt8]
    /// The end of the token that came last, from its first suffix on; `nil` before the first token.
    private var pending: [UInt8]?

    init(suffix: [UInt8]) {
        self.suffix = suffix
    }

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        let before = pending.map { TokenPart(bytes: $0.replacing(suffix, with: [.space]), endsToken: true) }
        let end = part.bytes.firstRange(of: suffix)?.lowerBound ?? part.bytes.endIndex
        pending = Array(part.bytes[end...])
        let beginning = TokenPart(bytes: Array(part.bytes[..<end]), endsToken: false)
        return before.map { [$0, beginning] } ?? [beginning]
    }

    mutating func finish() -> [TokenPart] {
        defer { pending = nil }
        return pending.map { [TokenPart(bytes: $0.replacing(suffix, with: []), endsToken: true)] } ?? []
    }
}
