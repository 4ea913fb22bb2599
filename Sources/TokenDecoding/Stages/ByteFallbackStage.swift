/// Tokens such as `<0xE2>`, which spell characters that the vocabulary lacks, byte by byte. A byte that belongs to no character becomes
/// U+FFFD.
///
/// Characters are given out one by one, as the server streams them. In a run with a byte that belongs to none, Hugging Face's
/// `tokenizers` replaces the whole characters, too, when it decodes all at once: text that was shown already would change.
struct ByteFallbackStage: DecodingStage {
    /// The beginning of a character.
    private var pending: [UInt8] = []
    private var isInRun = false

    private static let replacement = Array("\u{FFFD}".utf8)

    mutating func receive(_ part: TokenPart) -> [TokenPart] {
        guard let byte = Self.byte(of: part.bytes) else { return endRun() + [part] }
        isInRun = true
        pending.append(byte)
        return [TokenPart(bytes: takeCertain(), endsToken: false)]
    }

    mutating func finish() -> [TokenPart] { endRun() }

    /// The byte that a token stands for.
    static func byte(of token: [UInt8]) -> UInt8? {
        guard token.count == 6, token.starts(with: "<0x".utf8), token.last == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
    }

    private mutating func takeCertain() -> [UInt8] {
        var certain: [UInt8] = []
        while !pending.isEmpty, UTF8Assembler.unfinishedCount(at: pending) < pending.count {
            if String(validating: pending, as: UTF8.self) != nil {
                certain += pending
                pending = []
            } else {
                certain += Self.replacement
                pending.removeFirst()
            }
        }
        return certain
    }

    private mutating func endRun() -> [TokenPart] {
        guard isInRun else { return [] }
        let rest = pending.flatMap { _ in Self.replacement }
        (isInRun, pending) = (false, [])
        return [TokenPart(bytes: rest, endsToken: true)]
    }
}
