import JSON
// Those who read an answer need not know where its candidates are declared.
@_exported public import ToldTokens

/// The log-probabilities of a run of tokens, in one shape for chat and completions.
///
/// Chat tells them over all tokens of the answer, thinking, markup and the end of the sequence included. With byte-level tokenizers a
/// character may be split over tokens: `bytes` of the parts then do not join to the text.
public struct TokenLogprobs: Sendable, Hashable {
    /// The tokens in order.
    public var tokens: [Token]

    /// A token that was taken.
    public struct Token: Sendable, Hashable {
        package var told: ToldToken
        /// The natural logarithm of its probability; `nil` for the first token of an echoed prompt.
        public var logprob: Double?
        /// Where the token starts in the text, in characters; completions only.
        public var textOffset: Int?
        /// The likeliest tokens at this position; completions cannot tell apart those of equal text, and tell no bytes of them.
        public var top: [Candidate]

        /// The token's text, or `token_id:451` where ids were asked for.
        public var token: String {
            get { told.text }
            set { told.text = newValue }
        }

        /// The token's bytes; chat only.
        public var bytes: [UInt8]? {
            get { told.bytes }
            set { told.bytes = newValue }
        }
    }

    /// A token that could have been taken. vLLM tells its text, its bytes (chat only) and its log-probability, and no more than these is
    /// read: where it goes by its id (`return_tokens_as_token_ids`), the text is `token_id:` and the id.
    public typealias Candidate = TopLogprob
}

extension TokenLogprobs {
    /// Chat's shape: `{"content": [{token, logprob, bytes, top_logprobs: [{token, logprob, bytes}]}]}`.
    init(chat node: JSONView) throws(MalformedField) {
        tokens =
            try node.objects("content") { node throws(MalformedField) in
                Token(
                    told: try Self.told(node), logprob: try node.double("logprob"), textOffset: nil,
                    top: try node.objects("top_logprobs") { node throws(MalformedField) in
                        guard let logprob = try node.double("logprob") else { throw MalformedField(missing: "logprob") }
                        return Candidate(try Self.told(node), logprob: logprob)
                    } ?? [])
            } ?? []
    }

    /// Completions' shape: parallel lists `tokens`, `token_logprobs`, `text_offset`, `top_logprobs` with an object for each token.
    init(completion node: JSONView) throws(MalformedField) {
        let texts = try node.strings("tokens") ?? []
        let logprobs = try node.list("token_logprobs") { node throws(MalformedField) -> Double? in try node.optionalDouble() } ?? []
        let offsets = try node.ints("text_offset")
        let tops = try node.list("top_logprobs", Self.candidates)
        for (key, count) in [("token_logprobs", logprobs.count), ("text_offset", offsets?.count), ("top_logprobs", tops?.count)] {
            guard let count, count != texts.count else { continue }
            throw MalformedField("\(key)", expected: "as many elements as tokens (\(texts.count))", found: "array of \(count)")
        }
        tokens = texts.indices.map { index in
            Token(
                told: ToldToken(texts[index], .unknown), logprob: logprobs[index], textOffset: offsets?[index], top: tops?[index] ?? [])
        }
    }

    private static func candidates(_ node: JSONView) throws(MalformedField) -> [Candidate] {
        if node.isNull { return [] }
        guard node.kind == "object" else { throw MalformedField("", expected: "an object", found: node.kind) }
        var candidates: [Candidate] = []
        for (token, value) in node.members {
            guard let logprob = value.double else { throw MalformedField(token, expected: "a number", found: value.kind) }
            candidates.append(Candidate(ToldToken(token, .unknown), logprob: logprob))
        }
        return candidates
    }

    private static func told(_ node: JSONView) throws(MalformedField) -> ToldToken {
        let text = try node.string("token") ?? ""
        let bytes = try node.list("bytes") { node throws(MalformedField) in
            guard let byte = node.int.flatMap({ UInt8(exactly: $0) }) else {
                throw MalformedField("", expected: "a number from 0 to 255", found: node.kind)
            }
            return byte
        }
        return ToldToken(text, bytes: bytes)
    }
}
