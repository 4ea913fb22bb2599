import JSON

/// A message of a chat request as the chat template gets it: parts of content joined, arguments of tool calls parsed.
struct ChatMessage {
    var role: String
    var content: String
    var reasoning: String
    var toolCalls: [(name: String, arguments: JSONValue)]

    /// Reads one element of `messages`.
    /// - Parameter index: its place, for error messages.
    init(_ value: JSONValue, at index: Int, model: String) throws(WireError) {
        guard value.object != nil else {
            throw .schema(
                type: "model_attributes_type", at: "messages.\(index)", "Input should be a valid dictionary or object", input: value)
        }
        guard let role = value["role"]?.string else {
            throw .schema(type: "missing", at: "messages.\(index).role", "Field required", input: value)
        }
        self.role = role
        content = try Self.text(of: value["content"] ?? .null, at: index, model: model)
        reasoning = value["reasoning"]?.string ?? value["reasoning_content"]?.string ?? ""
        toolCalls = (value["tool_calls"]?.array ?? []).map { call in
            let function = call["function"] ?? .null
            return (function["name"]?.string ?? "", Self.arguments(function["arguments"] ?? .null))
        }
    }

    private static func text(of content: JSONValue, at index: Int, model: String) throws(WireError) -> String {
        switch content {
        case .null: return ""
        case .string(let text): return text
        case .array(let parts):
            var texts: [String] = []
            for part in parts {
                if let text = part.string ?? part["text"]?.string {
                    texts.append(text)
                } else if part["type"]?.string == "text" || part["type"] == nil {
                    throw .schema(type: "missing", at: "messages.\(index).content", "Field required", input: part)
                } else {
                    throw .badRequest("\(model) is not a multimodal model")
                }
            }
            return texts.joined(separator: "\n")
        default: throw .schema(type: "string_type", at: "messages.\(index).content", "Input should be a valid string", input: content)
        }
    }

    private static func arguments(_ value: JSONValue) -> JSONValue {
        guard let text = value.string else { return value.isNull ? [:] : value }
        // What is no JSON, or no object, the server gives the template as an empty one.
        let parsed = try? JSONValue(parsing: text)
        return parsed?.object == nil ? [:] : parsed ?? [:]
    }
}
