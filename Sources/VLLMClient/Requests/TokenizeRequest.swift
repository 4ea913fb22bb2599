public import JSON

/// A request to `/tokenize`: the token ids of a text, or of a conversation as the model's chat template renders it.
public struct TokenizeRequest: Sendable, Hashable {
    /// The path of the call; it lies beside `/v1` and is not guarded by the API key.
    public static let path = "/tokenize"

    /// What is to be cut into tokens.
    public enum Input: Sendable, Hashable {
        /// A text; special tokens are added unless `addSpecialTokens` says no.
        case prompt(String, addSpecialTokens: Bool? = nil)
        /// A conversation in the shapes of OpenAI's API, with the tools that the template tells the model about.
        case messages([JSONObject], tools: [JSONObject] = [], template: ChatTemplateOptions = ChatTemplateOptions())
    }

    /// The model's name; `nil` takes the server's own.
    public var model: String?
    /// What is to be cut into tokens.
    public var input: Input
    /// Tells the tokens as texts too, in the tokenizer's own spelling (`Ġ` for a space in byte-level tokenizers).
    public var returnTokenStrings: Bool?
    /// Any other members of the request's JSON, set over those above.
    public var extra: JSONObject = [:]

    /// A request for the tokens of a text or a conversation.
    public init(model: String? = nil, _ input: Input) {
        self.model = model
        self.input = input
    }

    /// The request's JSON as it is sent.
    public var json: JSONObject {
        var body = RequestBody()
        body.set("model", model)
        switch input {
        case .prompt(let text, let addSpecialTokens):
            body.set("prompt", text)
            body.set("add_special_tokens", addSpecialTokens)
        case .messages(let messages, let tools, let template):
            body.set("messages", messages)
            body.set("tools", tools.isEmpty ? nil : tools)
            template.write(to: &body)
        }
        body.set("return_token_strs", returnTokenStrings)
        var object = body.object
        object.merge(extra)
        return object
    }
}
