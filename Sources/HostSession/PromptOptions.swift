public import JSON
public import ProviderKit

/// How one prompt is to be answered; what is not said is left to the configuration.
public struct PromptOptions: Sendable {
    /// The model.
    public var model: String?
    /// Whether answers are streamed from the server.
    public var streams: Bool?
    /// The form that the answer must have.
    public var responseFormat: ResponseFormat?
    /// Whether and which tool the model must call, as in a `ChatRequest`. What forces a call, wherever it is said, holds for the first
    /// request of a prompt alone: on the later ones, which bring the results, the model would have to call for ever.
    public var toolChoice: JSONValue?
    /// Settings for these calls alone, under the keys of the provider's configuration.
    public var call: JSONObject
    /// Whether an answer is read, and `onEvent` told of it, on the thread on which it arrives, where its provider has one
    /// (`ResponseStream.executor`): that saves two thread switches for whatever comes together. Only for an `onEvent` that returns soon:
    /// until it has, nothing arrives, of other answers neither.
    public var readsOnArrivalThread: Bool

    /// Options.
    public init(
        model: String? = nil, streams: Bool? = nil, responseFormat: ResponseFormat? = nil, toolChoice: JSONValue? = nil,
        call: JSONObject = [:], readsOnArrivalThread: Bool = false
    ) {
        self.model = model
        self.streams = streams
        self.responseFormat = responseFormat
        self.toolChoice = toolChoice
        self.call = call
        self.readsOnArrivalThread = readsOnArrivalThread
    }

    /// What a provider is asked with these options.
    /// - Parameters:
    ///   - messages: the conversation.
    ///   - tools: the tools on offer; their order does not matter.
    ///   - isFirst: whether it is the first request of the prompt.
    public func request(_ messages: [Message], tools: [ToolSpec] = [], isFirst: Bool = true) -> ChatRequest {
        var request = ChatRequest(messages: messages, model: model)
        request.tools = tools.isEmpty ? nil : tools.sorted { $0.name < $1.name }
        request.stream = streams
        request.responseFormat = responseFormat
        request.toolChoice = toolChoice
        if !isFirst, !tools.isEmpty, (toolChoice ?? call["tool_choice"]) != "none" {
            // Said in the request, it holds whatever `call` or the provider's configuration says.
            request.toolChoice = "auto"
        }
        return request
    }
}
