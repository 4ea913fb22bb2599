import JSON

/// The tiny model's chat template (ChatML after Qwen3, see `chat_template.jinja` of the model) as code.
struct ChatTemplate {
    var messages: [ChatMessage]
    var tools: [JSONValue] = []
    var addsGenerationPrompt = true
    var thinks = true
    var continuesFinalMessage = false

    /// The prompt that the model gets.
    func render() -> String {
        let isSystemFirst = messages.first?.role == "system"
        var prompt = renderSystem(isSystemFirst ? messages[0].content.trimmed : "")
        let lastUser = messages.lastIndex { $0.role == "user" } ?? -1
        for (index, message) in messages.enumerated() {
            if message.role == "assistant" {
                prompt += Self.render(assistant: message, withReasoning: index > lastUser)
            } else if !(index == 0 && isSystemFirst) {
                prompt += "<|im_start|>\(message.role)\n\(message.content.trimmed)<|im_end|>\n"
            }
        }
        if continuesFinalMessage, let last = messages.last { return Self.cut(prompt, after: last.content.trimmed) }
        guard addsGenerationPrompt else { return prompt }
        return prompt + "<|im_start|>assistant\n" + (thinks ? "" : "<think>\n\n</think>\n\n")
    }

    private func renderSystem(_ system: String) -> String {
        guard !system.isEmpty || !tools.isEmpty else { return "" }
        var text = "<|im_start|>system\n" + system
        if !tools.isEmpty {
            text += (system.isEmpty ? "" : "\n\n") + "# Tools\n<tools>"
            for tool in tools {
                let function = tool["function"] ?? .null
                let shown: JSONValue = [
                    "name": function["name"] ?? "", "description": .string(function["description"]?.string ?? ""),
                    "parameters": function["parameters"]?.object.map { .object($0) } ?? [:],
                ]
                text += "\n" + shown.pythonText
            }
            text += "\n</tools>"
        }
        return text + "<|im_end|>\n"
    }

    private static func render(assistant message: ChatMessage, withReasoning: Bool) -> String {
        var text = "<|im_start|>assistant\n"
        if withReasoning, !message.reasoning.isEmpty { text += "<think>\n\(message.reasoning.trimmed)\n</think>\n\n" }
        text += message.content.trimmed
        for (index, call) in message.toolCalls.enumerated() {
            let arguments = call.arguments.pythonText
            text += index == 0 && message.content.isEmpty ? "" : "\n"
            text += "<tool_call>\n{\"name\": \(JSONValue.string(call.name).text), \"arguments\": \(arguments)}\n</tool_call>"
        }
        return text + "<|im_end|>\n"
    }

    /// The prompt up to the end of its last message's content, which the model is to go on with.
    private static func cut(_ prompt: String, after content: String) -> String {
        let end = "<|im_end|>\n"
        return prompt.hasSuffix(end) ? String(prompt.dropLast(end.count)) : prompt
    }
}

extension StringProtocol {
    /// The text without white space at its ends.
    var trimmed: String {
        guard let first = unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
