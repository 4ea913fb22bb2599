/// A decoder at work on a stream of tokens.
protocol DecodingStage: Sendable {
    /// Takes a part of a token, and returns what is certain now.
    mutating func receive(_ part: TokenPart) -> [TokenPart]

    /// Returns what was kept back, when no more tokens come.
    mutating func finish() -> [TokenPart]
}

extension DecodingStage {
    mutating func finish() -> [TokenPart] { [] }
}
