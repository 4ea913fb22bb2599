public import JSON

/// What `/tokenize` says.
public struct Tokenization: Sendable, Hashable {
    /// The token ids.
    public var tokens: [Int]
    /// How many there are.
    public var count: Int
    /// The model's context window in tokens.
    public var maxModelLength: Int?
    /// The tokens in the tokenizer's own spelling, where they were asked for.
    public var tokenStrings: [String]?
    /// The whole answer as it came: read at each look at it.
    public var raw: JSONObject {
        get { answer.object }
        set { answer = AnswerText(newValue) }
    }
    var answer: AnswerText
}

extension Tokenization: DecodableResponse {
    init(_ node: JSONView, answer: AnswerText) throws(MalformedField) {
        guard let tokens = try node.ints("tokens") else { throw MalformedField(missing: "tokens") }
        self.init(
            tokens: tokens, count: try node.int("count") ?? tokens.count, maxModelLength: try node.int("max_model_len"),
            tokenStrings: try node.strings("token_strs"), answer: answer)
    }
}
