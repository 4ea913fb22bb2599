public import JSON

/// What `/v1/models` lists: the served model under each of its names, and LoRA adapters.
public struct ModelList: Sendable, Hashable {
    /// The models.
    public var models: [Model]
    /// The whole answer as it came: read at each look at it.
    public var raw: JSONObject {
        get { answer.object }
        set { answer = AnswerText(newValue) }
    }
    var answer: AnswerText

    /// One name of a model.
    public struct Model: Sendable, Hashable {
        /// The name to put into requests.
        public var id: String
        /// When the server made the entry, in seconds since 1970.
        public var created: Int?
        /// Who owns it: `vllm`.
        public var ownedBy: String?
        /// The folder or repository that the model was loaded from.
        public var root: String?
        /// The model that a LoRA adapter is for.
        public var parent: String?
        /// The context window in tokens; null for LoRA adapters. `nil` also where the server sends something that is no number of tokens.
        public var maxModelLength: Int?
        /// The most tokens of a prompt, which proxies such as LiteLLM tell in place of `max_model_len`.
        public var maxInputTokens: Int?
        /// The most tokens of an answer, where a proxy tells it.
        public var maxOutputTokens: Int?
        /// The whole entry as it came.
        public var raw: JSONObject
    }
}

extension ModelList: DecodableResponse {
    init(_ node: JSONView, answer: AnswerText) throws(MalformedField) {
        guard let models = try node.list("data", Model.init) else { throw MalformedField(missing: "data") }
        self.init(models: models, answer: answer)
    }
}

extension ModelList.Model {
    init(_ node: JSONView) throws(MalformedField) {
        guard let id = try node.string("id") else { throw MalformedField(missing: "id") }
        self.init(
            id: id, created: try node.int("created"), ownedBy: try node.string("owned_by"), root: try node.string("root"),
            parent: try node.string("parent"), maxModelLength: Self.tokens(node["max_model_len"]),
            maxInputTokens: Self.tokens(node["max_input_tokens"]), maxOutputTokens: Self.tokens(node["max_output_tokens"]),
            raw: node.value.object ?? [:])
    }

    /// A number of tokens. A list of models is good for more than its limits, so one that makes no sense is none: 0, -1, 1e30, "4096".
    private static func tokens(_ node: JSONView?) -> Int? {
        node?.int.flatMap { (1...1_000_000_000).contains($0) ? $0 : nil }
    }
}
