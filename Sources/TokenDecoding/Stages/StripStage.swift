/// Takes up to so many of a character from the start and from the end of each token.
struct StripStage: DecodingStage {
    let content: [UInt8]
    let start: Int
    let stop: Int
    /// How many may be taken still from the start of this token.
    private var leading: Int
    /// How many of the character came last, and are given out only if something comes behind them.
    private var trailing = 0

    init(content: [UInt8], start: Int, stop: Int) {
        (self.content, self.start, self.stop) = (content, start, stop)
        leading = start
    }

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        var rest = part.bytes[...]
        while leading > 0, rest.starts(with: content) {
            rest = rest.dropFirst(content.count)
            leading -= 1
        }
        if !rest.isEmpty { leading = 0 }
        let result = keepingTrailing(rest)
        if part.endsToken { (leading, trailing) = (start, 0) }
        return [TokenPart(bytes: result, endsToken: part.endsToken)]
    }

    /// What comes before the characters that may be taken from the end.
    private mutating func keepingTrailing(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var end = bytes
        var count = 0
        while end.count >= content.count, end.suffix(content.count).elementsEqual(content) {
            end = end.dropLast(content.count)
            count += 1
        }
        let total = count + (end.isEmpty ? trailing : 0)
        let kept = min(stop, total)
        let before = end.isEmpty ? [] : repeated(trailing) + end
        trailing = kept
        return before + repeated(total - kept)
    }

    private func repeated(_ count: Int) -> [UInt8] {
        Array(repeatElement(content, count: count).joined())
    }
}
