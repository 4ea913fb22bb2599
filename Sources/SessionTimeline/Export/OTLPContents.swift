import JSON
import ProviderKit

/// What was said, in the shapes of OpenTelemetry's conventions for generative AI: messages of a role and parts. As an attribute each is JSON in
/// a text.
enum OTLPContents {
    /// What was asked: the messages without those of the system.
    static func inputMessages(_ call: ProviderCall) -> String? {
        guard let messages = call.request?["messages"]?.array else { return nil }
        return JSONValue.array(messages.filter { !isOfSystem($0) }.map(message)).text
    }

    /// What the system said.
    static func systemInstructions(_ call: ProviderCall) -> String? {
        guard let messages = call.request?["messages"]?.array?.filter(isOfSystem), !messages.isEmpty else { return nil }
        return JSONValue.array(messages.flatMap { parts(of: $0["content"]) }).text
    }

    /// The tools that were on offer.
    static func toolDefinitions(_ call: ProviderCall) -> String? {
        guard let tools = call.request?["tools"]?.array, !tools.isEmpty else { return nil }
        let definitions = tools.map { tool -> JSONValue in
            var definition: JSONObject = ["type": "function"]
            for key in ["name", "description", "parameters"] { definition[key] = tool[key] }
            return .object(definition)
        }
        return JSONValue.array(definitions).text
    }

    /// What was answered: a message for each choice.
    static func outputMessages(_ call: ProviderCall) -> String? {
        var blocks = call.response?["content"]?.array ?? call.blocks.map { .object($0) }
        if blocks.isEmpty { blocks = call.debugResponse?["content"]?.array ?? [] }
        guard !blocks.isEmpty else { return nil }
        var choices: [[JSONValue]] = []
        for block in blocks {
            let choice = block["choice"]?.int ?? 0
            if choices.isEmpty || choice != choices[choices.count - 1].first?["choice"]?.int ?? 0 { choices.append([]) }
            choices[choices.count - 1].append(block)
        }
        let messages = choices.map { blocks -> JSONValue in
            [
                "role": "assistant", "parts": .array(blocks.map(part)),
                "finish_reason": .string(call.status == .ok ? call.finishReason ?? "stop" : "error"),
            ]
        }
        return JSONValue.array(messages).text
    }

    /// What a user said.
    static func prompt(_ text: String) -> String {
        let message: JSONValue = ["role": "user", "parts": [["type": "text", "content": .string(text)]]]
        return JSONValue.array([message]).text
    }

    private static func isOfSystem(_ message: JSONValue) -> Bool {
        message["role"]?.string == "system" || message["role"]?.string == "developer"
    }

    private static func message(_ message: JSONValue) -> JSONValue {
        let role = message["role"]?.string ?? "user"
        guard role == "tool" else { return ["role": .string(role), "parts": .array(parts(of: message["content"]))] }
        var part: JSONObject = ["type": "tool_call_response"]
        part["id"] = message["tool_call_id"]
        part["response"] = message["content"] ?? .null
        return ["role": "tool", "parts": [.object(part)]]
    }

    private static func parts(of content: JSONValue?) -> [JSONValue] {
        if let text = content?.string { return [["type": "text", "content": .string(text)]] }
        return content?.array?.map(part) ?? []
    }

    /// A content block as a part; kinds that the conventions do not know keep their own shape.
    private static func part(_ block: JSONValue) -> JSONValue {
        switch block["type"]?.string {
        case "text": return ["type": "text", "content": block["text"] ?? ""]
        case "thinking": return ["type": "reasoning", "content": block["thinking"] ?? block["text"] ?? ""]
        case "tool_call":
            return [
                "type": "tool_call", "id": block["id"] ?? .null, "name": block["name"] ?? .null,
                "arguments": block["input"] ?? block["arguments"] ?? .null,
            ]
        case "tool_result":
            return ["type": "tool_call_response", "id": block["tool_call_id"] ?? .null, "response": block["output"] ?? .null]
        case "image": return image(block["source"])
        default: return block
        }
    }

    private static func image(_ source: JSONValue?) -> JSONValue {
        if let data = source?["data"] {
            return ["type": "blob", "modality": "image", "mime_type": source?["media_type"] ?? .null, "content": data]
        }
        return ["type": "uri", "modality": "image", "uri": source?["url"] ?? .null]
    }
}
