public import JSON

/// What `/v1/models` lists: the served model under each of its names, and LoRA adapters.
public struct ModelList: Sendable, Hashable {
    /// The models.
    public var models: [Model]
    /// The whole answer as it came.
    public var raw: JSONObject

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
        /// The context window in tokens; null for LoRA adapters.
        public var maxModelLength: Int?
        /// The whole entry as it came.
        public var raw: JSONObject
    }
}

extension ModelList: DecodableResponse {
    init(_ node: JSONView, raw: JSONObject) throws(MalformedField) {
        guard let models = try node.list("data", Model.init) else { throw MalformedField(missing: "data") }
        self.init(models: models, raw: raw)
    }
}

extension ModelList.Model {
    init(_ node: JSONView) throws(MalformedField) {
        guard let id = try node.string("id") else { throw MalformedField(missing: "id") }
        self.init(
            id: id, created: try node.int("created"), ownedBy: try node.string("owned_by"), root: try node.string("root"),
            parent: try node.string("parent"), maxModelLength: try node.int("max_model_len"), raw: node.value.object ?? [:])
    }
}
