import JSON
import ProviderKit
import VLLMClient

/// What a call will do: the endpoint, the conversation as the server takes it, and what could not be done as asked.
struct CallPlan {
    /// The endpoint that is asked.
    enum Endpoint: String {
        case completions
        case chat
    }

    var endpoint: Endpoint
    /// The conversation as the host has it.
    let conversation: [Message]
    var messages: [JSONObject]
    var tools: [JSONObject]
    var options: GenerationOptions
    /// What could not be done as asked, in the order in which it was found.
    var degradations: [Degradation] = []

    /// - Throws: `ProviderError` with the code `invalidRequest`, for a message that cannot be sent.
    init(_ request: ChatRequest, options: GenerationOptions) throws(ProviderError) {
        self.options = options
        conversation = request.messages
        messages = try ChatMessages.map(request.messages)
        tools = (request.tools ?? []).map { tool in
            var function: JSONObject = ["name": .string(tool.name)]
            function["description"] = tool.description.map { .string($0) }
            function["parameters"] = .object(tool.parameters)
            return ["type": "function", "function": .object(function)]
        }
        endpoint = options.usesCompletions ? .completions : .chat
        guard endpoint == .completions else { return }
        if let reason = Self.whyNotCompletions(messages, options) {
            endpoint = .chat
            degradations.append(Degradation(requested: "use_completions: true", actual: "use_completions: false", reason: reason))
        } else if options.promptFormat == .plain, !tools.isEmpty {
            degradations.append(
                Degradation(
                    requested: "\(tools.count) tools", actual: "no tools",
                    reason: "a prompt in the format plain tells the model of no tools"))
        }
    }

    /// Whether tool calls are looked for in the text of a completion. With `tool_choice: none` markup is text, as in chat.
    var parsesToolCalls: Bool { !tools.isEmpty && options.toolChoice != ServerToolChoice.none }

    /// The request to the chat endpoint.
    func chatRequest(model: String?) -> ChatCompletionRequest {
        var body = ChatCompletionRequest(model: model, messages: messages)
        body.tools = tools
        if !tools.isEmpty { body.toolChoice = options.toolChoice }
        body.sampling = options.sampling
        body.reasoningEffort = options.reasoningEffort
        body.template = options.template
        if let count = options.logprobs {
            body.logprobs = true
            body.topLogprobs = count
        }
        body.options.streamOptions = StreamOptions(includeUsage: true)
        body.extra = options.extraBody
        return body
    }

    /// The request to the completions endpoint.
    func completionRequest(model: String?, prompt: PromptRenderer.Prompt) -> CompletionRequest {
        var body = CompletionRequest(model: model, prompt: prompt.prompt)
        body.sampling = options.sampling
        // Without a number the server generates 16 tokens: where none is configured, all the room there is.
        body.sampling.maxTokens = options.sampling.maxTokens ?? prompt.room
        body.logprobs = options.logprobs
        body.options.streamOptions = StreamOptions(includeUsage: true)
        body.extra = options.extraBody
        return body
    }

    /// What a completion cannot carry or would silently ignore; `nil` where it can do all that is asked.
    private static func whyNotCompletions(_ messages: [JSONObject], _ options: GenerationOptions) -> String? {
        if messages.contains(where: { $0["content"]?.array != nil }) { return "a completion's prompt holds no images" }
        if options.sampling.responseFormat != nil {
            return "a completion's answer is not held to a response format while the model reasons"
        }
        switch options.toolChoice {
        case .required?, .function?: return "a completion cannot be made to call a tool"
        case .auto?, .some(.none), nil: return nil
        }
    }
}
