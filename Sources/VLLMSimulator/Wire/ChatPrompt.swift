import JSON

/// The prompt that a chat request, or `/tokenize` with messages, makes.
struct ChatPrompt {
    /// The prompt as the model gets it.
    var text: String
    /// The tools, as they were sent.
    var tools: [JSONValue]
    /// Whether the model is to think first.
    var thinks: Bool
    /// The role of the answer.
    var role: String
    /// What `echo` puts before the answer: the last message, if it is of the same role.
    var echo: String

    /// Reads messages, tools and what the template is told.
    init(_ body: FieldReader, options: VLLMSimulator.Options) throws(WireError) {
        guard let elements = try body.array("messages") else { throw body.missing("messages") }
        let continues = try body.bool("continue_final_message") ?? false
        let addsGenerationPrompt = try body.bool("add_generation_prompt") ?? true
        tools = try Self.tools(body)
        guard !(continues && addsGenerationPrompt) else {
            throw .badRequest("Cannot set both `continue_final_message` and `add_generation_prompt` to True.")
        }
        let kwargs = try body.nested("chat_template_kwargs")
        guard try body.string("chat_template") == nil, kwargs?["chat_template"] == nil else {
            throw .badRequest(
                "Chat template is passed with request, but --trust-request-chat-template is not set. "
                    + "Refused request with untrusted chat template.")
        }
        guard !elements.isEmpty else {
            throw .badRequest("Cannot apply chat template to an empty conversation. Provide at least one message.")
        }
        var messages: [ChatMessage] = []
        for (index, element) in elements.enumerated() {
            messages.append(try ChatMessage(element, at: index, model: options.models[0]))
        }
        let switched = try kwargs?.bool("enable_thinking")
        let effort = try body.string("reasoning_effort")
        thinks = switched ?? (effort != "none")
        let template = ChatTemplate(
            messages: ChatMessage.withoutDevelopers(messages), tools: tools, addsGenerationPrompt: addsGenerationPrompt, thinks: thinks,
            continuesFinalMessage: continues)
        text = template.render()
        let last = messages[messages.count - 1]
        role = addsGenerationPrompt ? "assistant" : last.role
        echo = last.role == role ? last.content : ""
    }

    private static func tools(_ body: FieldReader) throws(WireError) -> [JSONValue] {
        guard let tools = try body.array("tools") else { return [] }
        guard !tools.isEmpty else {
            throw .parameter("tools", "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely.")
        }
        for (index, tool) in tools.enumerated() {
            guard let function = tool["function"], function.object != nil else {
                throw .schema(type: "missing", at: "tools.\(index).function", "Field required", input: tool)
            }
            guard function["name"]?.string != nil else {
                throw .schema(type: "missing", at: "tools.\(index).function.name", "Field required", input: function)
            }
        }
        return tools
    }
}
