public import JSON

/// A request to `/v1/embeddings`, with every field that vLLM 0.32 knows there. A field that is `nil` is not sent.
///
/// vLLM ignores fields it does not know without a word, so `extra` is spelled with care.
public struct EmbeddingRequest: Sendable, Hashable {
    /// The path of the call.
    public static let path = "/v1/embeddings"

    /// What gets a vector, or one each.
    public enum Input: Sendable, Hashable {
        /// A text.
        case text(String)
        /// Several texts.
        case texts([String])
        /// Token ids.
        case tokens([Int])
        /// Several lists of token ids.
        case tokenLists([[Int]])
        /// A conversation in the shapes of OpenAI's API, with images too for models that see; its model has a chat template.
        case messages([JSONObject], template: ChatTemplateOptions = ChatTemplateOptions())
        /// Several conversations.
        case conversations([[JSONObject]], template: ChatTemplateOptions = ChatTemplateOptions())

        /// How many vectors there are to be.
        public var count: Int {
            switch self {
            case .text, .tokens, .messages: 1
            case .texts(let texts): texts.count
            case .tokenLists(let lists): lists.count
            case .conversations(let conversations, _): conversations.count
            }
        }
    }

    /// How vectors are sent.
    public enum EncodingFormat: String, Sendable, Hashable, CaseIterable {
        /// As text of their bytes: a quarter of the size, and a tenth of the time to read.
        case base64
        /// As JSON's numbers.
        case float
    }

    /// The model's name; `nil` takes the server's own.
    public var model: String?
    /// What gets a vector, or one each.
    public var input: Input
    /// How vectors are sent. `nil` asks for base64, and again for float when the server refuses that; a server that answers with the other
    /// format than asked for is understood.
    public var encodingFormat: EncodingFormat?
    /// What numbers they are sent as in base64; the server's default is float32 (vLLM 0.11.1 and later).
    public var embedDtype: EmbeddingDtype?
    /// How many numbers a vector has, of models that can be cut short (Matryoshka embeddings).
    public var dimensions: Int?
    /// Whether the model's activation runs over the vector, which for most normalises it; the server's default is the model's (vLLM 0.14.0).
    public var useActivation: Bool?
    /// Adds special tokens to the input; the server's default is yes, and no for conversations.
    public var addSpecialTokens: Bool?
    /// Keeps this many tokens of each input; -1 as many as the model takes. Without it an input that is too long is refused.
    public var truncatePromptTokens: Int?
    /// The end of the input that `truncatePromptTokens` cuts: `left` or `right`.
    public var truncationSide: String?
    /// Fills the input up: `max_length` or `do_not_pad`.
    public var padding: String?
    /// Which requests go first: the lowest. Silently without effect unless the server runs with `--scheduling-policy priority`.
    public var priority: Int?
    /// The id that the answer's id is made of; a header `X-Request-Id` wins over it.
    public var requestID: String?
    /// The end user, in OpenAI's words; vLLM does not use it.
    public var user: String?
    /// Keeps the prefix cache apart from that of requests with another salt.
    public var cacheSalt: String?
    /// Any other members of the request's JSON, set over those above. `encoding_format`, `embed_dtype` and `endianness`, by which the answer
    /// is read, do not count here.
    public var extra: JSONObject = [:]

    /// A request for the vectors of an input.
    public init(model: String? = nil, _ input: Input) {
        self.model = model
        self.input = input
    }

    /// The request's JSON as it is sent, in an order that does not change.
    public var json: JSONObject {
        var body = RequestBody()
        body.set("model", model)
        body.set("add_special_tokens", addSpecialTokens)
        input.write(to: &body)
        body.set("dimensions", dimensions)
        body.set("use_activation", useActivation)
        body.set("truncate_prompt_tokens", truncatePromptTokens)
        body.set("truncation_side", truncationSide)
        body.set("padding", padding)
        body.set("priority", priority)
        body.set("request_id", requestID)
        body.set("user", user)
        body.set("cache_salt", cacheSalt)
        var object = body.object
        object.merge(extra)
        // The answer is read as these say.
        object["encoding_format"] = .string((encodingFormat ?? .base64).rawValue)
        object["embed_dtype"] = embedDtype.map { .string($0.rawValue) }
        object["endianness"] = nil
        return object
    }
}

extension EmbeddingRequest.Input {
    fileprivate func write(to body: inout RequestBody) {
        switch self {
        case .text(let text): body.set("input", text)
        case .texts(let texts): body.set("input", texts)
        case .tokens(let ids): body.set("input", ids)
        case .tokenLists(let lists): body.set("input", JSONValue.array(lists.map { .array($0.map { .integer($0) }) }))
        case .messages(let messages, let template):
            body.set("messages", messages)
            template.write(to: &body)
        case .conversations(let conversations, let template):
            body.set("messages", JSONValue.array(conversations.map { .array($0.map { .object($0) }) }))
            template.write(to: &body)
        }
    }
}
