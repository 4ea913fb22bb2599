/// Tokens in which a sign stands for the space before a word.
struct MetaspaceStage: DecodingStage {
    let replacement: [UInt8]
    let dropsFirst: Bool
    private var isFirst = true

    init(replacement: [UInt8], dropsFirst: Bool) {
        (self.replacement, self.dropsFirst) = (replacement, dropsFirst)
    }

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        defer { isFirst = false }
        let space: [UInt8] = isFirst && dropsFirst ? [] : [.space]
        return [TokenPart(bytes: part.bytes.replacing(replacement, with: space), endsToken: true)]
    }
}
