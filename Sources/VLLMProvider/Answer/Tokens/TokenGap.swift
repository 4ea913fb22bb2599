/// What the model said between two blocks, as far as it is known.
struct TokenGap {
    private(set) var text: [UInt8] = []
    /// Where each token's text starts.
    private(set) var starts: [Int] = []
    /// Before this the next block does not begin.
    var searched = 0

    /// Takes the next token's text in.
    mutating func append(_ token: [UInt8]) {
        starts.append(text.count)
        text += token
    }

    /// The token that a byte belongs to.
    func token(at byte: Int) -> Int {
        (starts.lastIndex { $0 <= byte }) ?? 0
    }

    /// Where the text of the token ends that a byte belongs to.
    func end(ofTokenAt byte: Int) -> Int {
        starts.first { $0 > byte } ?? text.count
    }

    /// Whether some text is white space alone.
    static func isBlank(_ text: some Sequence<UInt8>) -> Bool { text.allSatisfy(isBlank) }

    /// Whether a block of text or reasoning may begin at a byte: at the beginning, or behind what looks like the end of markup.
    func mayBegin(at byte: Int) -> Bool {
        guard let last = text[..<byte].last(where: { !Self.isBlank($0) }) else { return true }
        return Self.closing.contains(last)
    }

    private static let closing = Set(">]}):`".utf8)

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
