public import JSON

/// A request to `/v1/completions`, with every field that vLLM 0.32 knows there. A field that is `nil` is not sent.
///
/// vLLM ignores fields it does not know without a word, so `extra` is spelled with care.
public struct CompletionRequest: Sendable, Hashable {
    /// The path of the call.
    public static let path = "/v1/completions"

    /// What is to be continued.
    public enum Prompt: Sendable, Hashable {
        /// A text.
        case text(String)
        /// Token ids.
        case tokens([Int])
        /// Several texts; each gives its own choices, numbered `prompt · n + i`.
        case texts([String])
        /// Several lists of token ids; each gives its own choices, numbered `prompt · n + i`.
        case tokenLists([[Int]])

        var json: JSONValue {
            switch self {
            case .text(let text): .string(text)
            case .tokens(let ids): .array(ids.map { .integer($0) })
            case .texts(let texts): .array(texts.map { .string($0) })
            case .tokenLists(let lists): .array(lists.map { .array($0.map { .integer($0) }) })
            }
        }
    }

    /// The model's name; `nil` takes the server's own.
    public var model: String?
    /// What is to be continued.
    public var prompt: Prompt
    /// What comes after the text that is generated, for models that fill in the middle.
    public var suffix: String?
    /// Embeddings in place of a prompt, as base64 of a tensor, where the server takes them.
    public var promptEmbeds: String?
    /// Puts the prompt in front of the answer.
    public var echo: Bool?
    /// Which tokens are generated.
    public var sampling = SamplingParameters()
    /// How many of the likeliest tokens are told at each position; 0 tells only the one that was taken.
    public var logprobs: Int?
    /// Adds special tokens to the prompt; the server's default is yes.
    public var addSpecialTokens: Bool?
    /// How the request is handled and what is told beside the answer.
    public var options = RequestOptions()
    /// Any other members of the request's JSON, set over those above.
    public var extra: JSONObject = [:]

    /// A request for the continuation of a prompt.
    public init(model: String? = nil, prompt: Prompt) {
        self.model = model
        self.prompt = prompt
    }

    /// The request's JSON as it is sent, in an order that does not change.
    /// - Parameter streaming: whether the answer is streamed: sets `stream` and lets `stream_options` through.
    /// - Throws: `VLLMError` of kind `.invalidRequest` for a number that JSON cannot say.
    public func json(streaming: Bool = false) throws(VLLMError) -> JSONObject {
        var body = RequestBody()
        body.set("model", model)
        body.set("prompt", prompt.json)
        body.set("suffix", suffix)
        body.set("prompt_embeds", promptEmbeds)
        body.set("echo", echo)
        body.set("stream", streaming ? true : nil)
        sampling.write(to: &body)
        body.set("logprobs", logprobs)
        body.set("add_special_tokens", addSpecialTokens)
        options.write(to: &body, streaming: streaming)
        return try body.finished(extra: extra, streaming: streaming)
    }
}
