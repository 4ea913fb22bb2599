public import JSON

/// A request to `/v1/chat/completions`, with every field that vLLM 0.32 knows there. A field that is `nil` is not sent.
///
/// vLLM ignores fields it does not know without a word, so `extra` is spelled with care.
public struct ChatCompletionRequest: Sendable, Hashable {
    /// The path of the call.
    public static let path = "/v1/chat/completions"

    /// The model's name; `nil` takes the server's own.
    public var model: String?
    /// The conversation, in the shapes of OpenAI's API.
    public var messages: [JSONObject]
    /// The tools that may be called, in the shapes of OpenAI's API; an empty list is not sent, as vLLM refuses it.
    public var tools: [JSONObject] = []
    /// Whether a tool must, may or must not be called.
    public var toolChoice: ToolChoice?
    /// Whether one answer may hold several calls.
    public var parallelToolCalls: Bool?
    /// Which tokens are generated.
    public var sampling = SamplingParameters()
    /// The most tokens to generate, in OpenAI's newer spelling: `max_completion_tokens`.
    public var maxCompletionTokens: Int?
    /// Tells log-probabilities of the answer's tokens.
    public var logprobs: Bool?
    /// How many of the likeliest tokens are told at each position; needs `logprobs`.
    public var topLogprobs: Int?
    /// How much the model thinks: `none` to `max`.
    public var reasoningEffort: String?
    /// Whether reasoning is sent; the server's default is yes.
    public var includeReasoning: Bool?
    /// How the messages become a prompt.
    public var template = ChatTemplateOptions()
    /// Documents for the template, of models that read them.
    public var documents: [JSONObject]?
    /// Puts the begun last message in front of the answer.
    public var echo: Bool?
    /// Tells the prompt as text (vLLM 0.21 and later).
    public var returnPromptText: Bool?
    /// How the request is handled and what is told beside the answer.
    public var options = RequestOptions()
    /// Any other members of the request's JSON, set over those above.
    public var extra: JSONObject = [:]

    /// A request for an answer to a conversation.
    public init(model: String? = nil, messages: [JSONObject]) {
        self.model = model
        self.messages = messages
    }

    /// The request's JSON as it is sent, in an order that does not change.
    /// - Parameter streaming: whether the answer is streamed: sets `stream` and lets `stream_options` through.
    /// - Throws: `VLLMError` of kind `.invalidRequest` for a number that JSON cannot say.
    public func json(streaming: Bool = false) throws(VLLMError) -> JSONObject {
        var body = RequestBody()
        body.set("model", model)
        body.set("messages", messages)
        body.set("tools", tools.isEmpty ? nil : tools)
        body.set("tool_choice", toolChoice?.json)
        body.set("parallel_tool_calls", parallelToolCalls)
        body.set("stream", streaming ? true : nil)
        sampling.write(to: &body)
        body.set("max_completion_tokens", maxCompletionTokens)
        body.set("logprobs", logprobs)
        body.set("top_logprobs", topLogprobs)
        body.set("reasoning_effort", reasoningEffort)
        body.set("include_reasoning", includeReasoning)
        template.write(to: &body)
        body.set("documents", documents)
        body.set("echo", echo)
        body.set("return_prompt_text", returnPromptText)
        options.write(to: &body, streaming: streaming)
        return try body.finished(extra: extra, streaming: streaming)
    }
}
