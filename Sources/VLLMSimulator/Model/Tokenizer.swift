internal import TokenDecoding

/// The byte-level BPE tokenizer of the tiny model: the same token ids as the real server's for any text.
struct Tokenizer: Sendable {
    /// The end of a text outside a conversation, `<|endoftext|>`.
    static let endOfText = 0
    /// The end of a turn, `<|im_end|>`.
    static let endOfTurn = 2

    /// `<think>`.
    static let startOfThought = 3
    /// `</think>`.
    static let endOfThought = 4

    /// The one tokenizer, made from the merges on first use.
    static let tiny = Tokenizer(merges: mergeLines)

    /// Tokens that the text is searched for before anything else; their ids are their places here. The first three are special.
    private static let added = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "<tool_call>", "</tool_call>"]
    private static let specialCount = 3

    private struct Pair: Hashable {
        var left: Int32
        var right: Int32
    }

    private let bytesOfToken: [[UInt8]]
    private let tokenOfByte: [Int32]
    /// A merged token's id also is its rank: ids were given in the order of the merges.
    private let merged: [Pair: Int32]

    private init(merges: StaticString) {
        var bytes = Self.added.map { Array($0.utf8) }
        var ids: [Int32] = Array(repeating: 0, count: 256)
        for byte in ByteLevelAlphabet.bytesInOrder {
            ids[Int(byte)] = Int32(bytes.count)
            bytes.append([byte])
        }
        var tokenOfBytes: [[UInt8]: Int32] = [:]
        for (id, token) in bytes.enumerated().dropFirst(Self.added.count) { tokenOfBytes[token] = Int32(id) }
        var merged: [Pair: Int32] = [:]
        for line in merges.description.split(separator: "\n") {
            let parts = line.split(separator: " ").compactMap { ByteLevelAlphabet.bytes(of: $0) }
            guard parts.count == 2, let left = tokenOfBytes[parts[0]], let right = tokenOfBytes[parts[1]] else { continue }
            let token = parts[0] + parts[1]
            merged[Pair(left: left, right: right)] = Int32(bytes.count)
            tokenOfBytes[token] = Int32(bytes.count)
            bytes.append(token)
        }
        bytesOfToken = bytes
        tokenOfByte = ids
        self.merged = merged
    }

    /// How many tokens there are.
    var vocabularySize: Int { bytesOfToken.count }

    /// The tokens of a text.
    func encode(_ text: String) -> [Int] {
        var tokens: [Int] = []
        var rest = text[...]
        while let mark = nextAdded(in: rest) {
            encodeOrdinary(rest[..<mark.range.lowerBound], into: &tokens)
            tokens.append(mark.token)
            rest = rest[mark.range.upperBound...]
        }
        encodeOrdinary(rest, into: &tokens)
        return tokens
    }

    /// The bytes of a token; none for an id outside the vocabulary.
    func bytes(of token: Int) -> [UInt8] {
        bytesOfToken.indices.contains(token) ? bytesOfToken[token] : []
    }

    /// The text of tokens; what is not UTF-8 reads U+FFFD.
    func decode(_ tokens: some Sequence<Int>) -> String {
        String(decoding: tokens.flatMap(bytes(of:)), as: UTF8.self)
    }

    /// A token as its file spells it, in the byte-level alphabet (`Ġ` for a space).
    func name(of token: Int) -> String {
        token < Self.added.count ? Self.added[token] : ByteLevelAlphabet.text(of: bytes(of: token))
    }

    /// Whether decoding leaves a token out when special tokens are skipped.
    func isSpecial(_ token: Int) -> Bool { token < Self.specialCount }

    private func nextAdded(in text: Substring) -> (token: Int, range: Range<Substring.Index>)? {
        var from = text.startIndex
        while let open = text.utf8[from...].firstIndex(of: UInt8(ascii: "<")) {
            for (token, mark) in Self.added.enumerated() where text.utf8[open...].starts(with: mark.utf8) {
                return (token, open..<text.utf8.index(open, offsetBy: mark.utf8.count))
            }
            from = text.utf8.index(after: open)
        }
        return nil
    }

    private func encodeOrdinary(_ text: Substring, into tokens: inout [Int]) {
        guard !text.isEmpty else { return }
        for piece in PreTokenizer.pieces(of: text) {
            tokens += merge(piece.map { tokenOfByte[Int($0)] }).lazy.map(Int.init)
        }
    }

    /// Merges the best pair until there is none; a piece without spaces of any length takes time in its square, so long ones
    /// (which no real text has) are merged in slices.
    private func merge(_ piece: [Int32]) -> [Int32] {
        let limit = 512
        guard piece.count <= limit else {
            return stride(from: 0, to: piece.count, by: limit).flatMap { merge(Array(piece[$0..<min($0 + limit, piece.count)])) }
        }
        var tokens = piece
        while tokens.count > 1 {
            var best: (at: Int, token: Int32)?
            for index in 1..<tokens.count {
                guard let token = merged[Pair(left: tokens[index - 1], right: tokens[index])] else { continue }
                if token < best?.token ?? .max { best = (index - 1, token) }
            }
            guard let best else { break }
            tokens[best.at] = best.token
            tokens.remove(at: best.at + 1)
        }
        return tokens
    }
}
