/// Writes a space between tokens.
struct SpacedStage: DecodingStage {
    private var isFirst = true

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        defer { isFirst = false }
        return [TokenPart(bytes: isFirst ? part.bytes : [.space] + part.bytes, endsToken: true)]
    }
}
