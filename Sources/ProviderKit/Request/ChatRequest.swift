public import JSON

/// What a host asks a provider: a conversation, the tools the model may call, and how to answer.
///
/// The JSON shape is Amplifier's `ChatRequest`. A field that is `nil` is left to the provider's configuration.
public struct ChatRequest: ContractCodable {
    /// The conversation, oldest first.
    public var messages: [Message]
    /// The tools that the model may call.
    public var tools: [ToolSpec]?
    /// The form that the answer must have.
    public var responseFormat: ResponseFormat?
    /// Sampling temperature; 0 is greedy.
    public var temperature: Double?
    /// Nucleus sampling: the probability mass that is kept.
    public var topP: Double?
    /// How many tokens the answer may have at most.
    public var maxOutputTokens: Int?
    /// The conversation that this request belongs to, in the host's own terms.
    public var conversationID: String?
    /// Whether the answer is to be streamed from the server; `nil` leaves it to the configuration.
    public var stream: Bool?
    /// Whatever else the host wants to say; `stream: false` in it turns streaming off for this call.
    public var metadata: JSONObject?
    /// The model; `nil` means the provider's default.
    public var model: String?
    /// Whether and which tool the model must call: `"auto"`, `"none"`, `"required"`, a tool's name, or an object.
    public var toolChoice: JSONValue?
    /// Texts that end the answer.
    public var stop: [String]?
    /// How much the model is to reason: `none`, `minimal`, `low`, `medium`, `high`, …
    public var reasoningEffort: String?
    /// The time for the whole call, in seconds.
    public var timeout: Double?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A request for an answer to `messages`.
    public init(messages: [Message], tools: [ToolSpec]? = nil, model: String? = nil, additional: JSONObject = [:]) {
        self.messages = messages
        self.tools = tools
        self.model = model
        self.additional = additional
    }

    /// Reads a request.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        messages = try members.required("messages") { json throws(ContractError) in
            try MemberReader.list(json, Message.init(json:))
        }
        tools = try members.optionalList("tools", ToolSpec.init(json:))
        responseFormat = try members.optional("response_format", ResponseFormat.init(json:))
        temperature = try members.optional("temperature", MemberReader.double)
        topP = try members.optional("top_p", MemberReader.double)
        maxOutputTokens = try members.optional("max_output_tokens", MemberReader.int)
        conversationID = try members.optional("conversation_id", MemberReader.string)
        stream = try members.optional("stream", MemberReader.bool)
        metadata = try members.optional("metadata", MemberReader.object)
        model = try members.optional("model", MemberReader.string)
        toolChoice = members.take("tool_choice")
        stop = try members.optionalList("stop", MemberReader.string)
        reasoningEffort = try members.optional("reasoning_effort", MemberReader.string)
        timeout = try members.optional("timeout", MemberReader.double)
        additional = members.rest
    }

    /// The request as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["messages": .array(messages.map(\.json))]
        object.set("tools", tools)
        object.set("response_format", responseFormat)
        object.set("temperature", temperature)
        object.set("top_p", topP)
        object.set("max_output_tokens", maxOutputTokens)
        object.set("conversation_id", conversationID)
        object.set("stream", stream)
        object.set("metadata", metadata)
        object.set("model", model)
        object["tool_choice"] = toolChoice
        object.set("stop", stop)
        object.set("reasoning_effort", reasoningEffort)
        object.set("timeout", timeout)
        object.merge(additional)
        return .object(object)
    }
}
