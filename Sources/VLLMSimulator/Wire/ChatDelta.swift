import JSON

/// What a step adds to a streamed message.
struct ChatDelta {
    var content: String?
    var reasoning: String?
    var toolCalls: [JSONValue] = []

    /// Whether there is nothing in it.
    var isEmpty: Bool { content == nil && reasoning == nil && toolCalls.isEmpty }

    /// The delta on the wire.
    /// - Parameter hidesReasoning: whether the request asked for no reasoning: it is null beside each piece of content then.
    func json(hidesReasoning: Bool) -> JSONValue {
        var members = JSONObject()
        if let content { members["content"] = .string(content) } else if !toolCalls.isEmpty { members["content"] = .null }
        if let reasoning {
            members["reasoning"] = .string(reasoning)
        } else if hidesReasoning, content != nil {
            members["reasoning"] = .null
        }
        if !toolCalls.isEmpty { members["tool_calls"] = .array(toolCalls) }
        return .object(members)
    }
}
