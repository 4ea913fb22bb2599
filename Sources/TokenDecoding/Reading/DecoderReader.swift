internal import JSON

/// Reads the section `decoder` of `tokenizer.json`.
enum DecoderReader {
    /// The steps in their order. Where there is no decoder, tokens are joined with spaces.
    static func steps(of field: TokenizerField) throws(TokenDecoderError) -> [DecodingStep] {
        if field.isMissing { return [.spaced] }
        var steps: [DecodingStep] = []
        try read(field, into: &steps)
        return steps
    }

    private static func read(_ field: TokenizerField, into steps: inout [DecodingStep]) throws(TokenDecoderError) {
        let type = try field.member("type").string()
        guard type != "Sequence" else {
            for decoder in try field.member("decoders").elements() { try read(decoder, into: &steps) }
            return
        }
        guard let read = readers[type] else {
            let known = (readers.keys + ["Sequence"]).sorted().joined(separator: ", ")
            throw field.member("type").error("the decoder \(type.debugDescription) is not known; known are \(known)")
        }
        let step = try read(field)
        if step.needsWholeTokens, steps.contains(where: \.makesParts) { steps.append(.gather) }
        steps.append(step)
    }

    private typealias Reader = @Sendable (TokenizerField) throws(TokenDecoderError) -> DecodingStep

    private static let readers: [String: Reader] = [
        "ByteLevel": { _ in .byteLevel },
        "ByteFallback": { _ in .byteFallback },
        "Fuse": { _ in .fuse },
        "Metaspace": metaspace,
        "Replace": replace,
        "Strip": strip,
        "WordPiece": wordPiece,
        "BPEDecoder": { field throws(TokenDecoderError) in .wordEnd(suffix: try text(field.member("suffix"))) },
    ]

    /// `add_prefix_space` is what files had before `prepend_scheme`.
    @Sendable private static func metaspace(_ field: TokenizerField) throws(TokenDecoderError) -> DecodingStep {
        let sign = try character(field.member("replacement"))
        let scheme = field.member("prepend_scheme")
        guard !scheme.isMissing else {
            return .metaspace(replacement: sign, dropsFirst: try field.member("add_prefix_space").bool() ?? true)
        }
        switch try scheme.string() {
        case "always", "first": return .metaspace(replacement: sign, dropsFirst: true)
        case "never": return .metaspace(replacement: sign, dropsFirst: false)
        case let other: throw scheme.error("expected always, first or never, found \(other.debugDescription)")
        }
    }

    @Sendable private static func replace(_ field: TokenizerField) throws(TokenDecoderError) -> DecodingStep {
        let pattern = field.member("pattern")
        guard pattern.member("Regex").isMissing else {
            throw pattern.error("a regular expression is not supported, only a `String`")
        }
        let content = try field.member("content").string()
        return .replace(pattern: try text(pattern.member("String")), content: Array(content.utf8))
    }

    @Sendable private static func strip(_ field: TokenizerField) throws(TokenDecoderError) -> DecodingStep {
        let (start, stop) = (field.member("start"), field.member("stop"))
        let content = try character(field.member("content"))
        return .strip(content: content, start: try count(start), stop: try count(stop))
    }

    @Sendable private static func wordPiece(_ field: TokenizerField) throws(TokenDecoderError) -> DecodingStep {
        let prefix = try field.member("prefix").string()
        return .wordPiece(prefix: Array(prefix.utf8), cleansUp: try field.member("cleanup").bool() ?? true)
    }

    private static func text(_ field: TokenizerField) throws(TokenDecoderError) -> [UInt8] {
        let text = try field.string()
        guard !text.isEmpty else { throw field.error("expected a text, found an empty one") }
        return Array(text.utf8)
    }

    private static func character(_ field: TokenizerField) throws(TokenDecoderError) -> [UInt8] {
        let text = try field.string()
        guard text.unicodeScalars.count == 1 else { throw field.error("expected one character, found \(text.debugDescription)") }
        return Array(text.utf8)
    }

    private static func count(_ field: TokenizerField) throws(TokenDecoderError) -> Int {
        let count = try field.int()
        guard count >= 0 else { throw field.error("expected a count, found \(count)") }
        return count
    }
}
