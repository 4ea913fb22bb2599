/// Replaces a text in each token.
struct ReplaceStage: DecodingStage {
    let pattern: [UInt8]
    let content: [UInt8]
    /// What may be the beginning of the pattern.
    private var pending: [UInt8] = []

    init(pattern: [UInt8], content: [UInt8]) {
        (self.pattern, self.content) = (pattern, content)
    }

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        var rest = (pending + part.bytes)[...]
        pending = []
        var result: [UInt8] = []
        while let found = rest.firstRange(of: pattern) {
            result += rest[..<found.lowerBound] + content
            rest = rest[found.upperBound...]
        }
        let keptCount = part.endsToken ? 0 : countOfBeginning(in: rest)
        result += rest.dropLast(keptCount)
        pending = Array(rest.suffix(keptCount))
        return [TokenPart(bytes: result, endsToken: part.endsToken)]
    }

    /// How many bytes at the end may be the beginning of the pattern.
    private func countOfBeginning(in bytes: ArraySlice<UInt8>) -> Int {
        (0..<pattern.count).last { $0 <= bytes.count && bytes.suffix($0).elementsEqual(pattern.prefix($0)) } ?? 0
    }
}
