/// Turns token ids into text without a server, as the model's `tokenizer.json` (Hugging Face) says.
///
/// It is read once and shared; `stream(after:)` makes a value for each answer whose tokens come one by one.
public struct TokenDecoder: Sendable {
    let vocabulary: Vocabulary
    let steps: [DecodingStep]

    /// Reads a tokenizer.
    /// - Parameter path: the file `tokenizer.json`, or the model's folder with it. In a folder, `tokenizer_config.json` counts, too, if it is
    ///   there: it may name further special tokens.
    /// - Throws: `TokenDecoderError` where a file cannot be read or used.
    public init(path: String) throws(TokenDecoderError) {
        let files = try TokenizerFiles(path: path)
        try self.init(tokenizer: files.tokenizer, configuration: files.configuration)
    }

    /// Reads a tokenizer.
    /// - Parameters:
    ///   - tokenizer: the content of `tokenizer.json`.
    ///   - configuration: the content of `tokenizer_config.json`, where there is one.
    /// - Throws: `TokenDecoderError` where one of them cannot be used.
    public init(tokenizer: [UInt8], configuration: [UInt8]? = nil) throws(TokenDecoderError) {
        var contents = try TokenizerReader.read(tokenizer)
        if let configuration { try TokenizerConfigurationReader.read(configuration, into: &contents.tokens) }
        vocabulary = Vocabulary(contents.tokens)
        steps = contents.steps
    }

    /// The number of ids from 0 to the highest one. Some between them may have no token.
    public var idCount: Int { vocabulary.idCount }

    /// The token as the vocabulary spells it (`Ġthe`, `▁the`, `<0x0A>`); `nil` where there is none with this id.
    public func token(of id: Int) -> String? {
        vocabulary.bytes(of: id).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the token is one that marks structure, such as the end of a turn, and is left out of texts.
    public func isSpecial(_ id: Int) -> Bool { vocabulary.isSpecial(id) }

    /// The bytes that a token adds in the midst of a text, which may be a part of a character only; `nil` where there is no such token.
    public func bytes(of id: Int) -> [UInt8]? {
        guard let token = vocabulary.bytes(of: id) else { return nil }
        return steps.reduce(Array(token)) { $1.bytesInMidst(of: $0) }
    }

    /// The text of tokens: what a stream of them gives, joined.
    ///
    /// An id without a token has no text, as at vLLM's `/detokenize` (0.32).
    /// - Parameter skipsSpecialTokens: whether special tokens are left out, as the servers do with `skip_special_tokens`.
    public func decode(_ ids: some Sequence<Int>, skipsSpecialTokens: Bool = true) -> String {
        var stream = stream(skipsSpecialTokens: skipsSpecialTokens)
        var text = stream.append(contentsOf: ids)
        text += stream.finish()
        return text
    }

    /// A stream of tokens.
    /// - Parameters:
    ///   - prompt: the tokens before the stream's first one. Tokenizers that mark words by the space before them take it away from the
    ///     first word of a text: an answer is the middle of one, where the prompt is known.
    ///   - skipsSpecialTokens: whether special tokens are left out, as the servers do with `skip_special_tokens`.
    public func stream(after prompt: some Sequence<Int> = [Int](), skipsSpecialTokens: Bool = true) -> Stream {
        var stream = Stream(vocabulary: vocabulary, stages: steps.map(\.stage), skipsSpecialTokens: skipsSpecialTokens)
        _ = stream.append(contentsOf: prompt)
        return stream
    }
}
