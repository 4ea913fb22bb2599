import JSON
import ProviderKit

/// Turns a host's messages into those of vLLM's chat API, in order.
enum ChatMessages {
    /// The messages as `/v1/chat/completions` and `/tokenize` take them.
    /// - Throws: `ProviderError` with the code `invalidRequest`, for a block that cannot be sent.
    static func map(_ messages: [Message]) throws(ProviderError) -> [JSONObject] {
        var turns: [JSONObject] = []
        for message in messages { turns += try map(message) }
        return turns
    }

    private static func map(_ message: Message) throws(ProviderError) -> [JSONObject] {
        var turn: JSONObject = ["role": .string(message.role.rawValue)]
        let blocks = message.content.blocks
        // Results that stand inside another message are turns of their own for the server.
        var results: [JSONObject] = []
        var parts: [JSONValue] = []
        var thoughts: [String] = []
        var calls: [JSONValue] = []
        for block in blocks {
            switch block {
            case .text(let block): parts.append(["type": "text", "text": .string(block.text)])
            case .thinking(let block): thoughts.append(block.thinking)
            case .reasoning(let block): thoughts += block.content.compactMap { $0["text"]?.string ?? $0.string }
            case .toolCall(let block): calls.append(call(id: block.id, name: block.name, arguments: .object(block.input)))
            case .toolResult(let block): results.append(result(block))
            case .image(let block): parts.append(try image(block.source))
            case .redactedThinking, .unknown: break
            }
        }
        if calls.isEmpty { calls = loopCalls(message) }
        if message.role == .tool, results.isEmpty {
            turn["tool_call_id"] = message.toolCallID.map { .string($0) }
        }
        if let name = message.name { turn["name"] = .string(name) }
        if !results.isEmpty && parts.isEmpty && calls.isEmpty { return results }
        turn["content"] = parts.isEmpty && !calls.isEmpty ? .null : content(parts)
        if !thoughts.isEmpty {
            // vLLM up to 0.15 and from 0.22 on reads the one, others the other; what a version does not know it ignores.
            let thinking = JSONValue.string(thoughts.joined(separator: "\n"))
            turn["reasoning"] = thinking
            turn["reasoning_content"] = thinking
        }
        if !calls.isEmpty { turn["tool_calls"] = .array(calls) }
        return results + [turn]
    }

    /// Text alone is a string, which every chat template understands; parts are for what text cannot say.
    private static func content(_ parts: [JSONValue]) -> JSONValue {
        let texts = parts.compactMap { $0["text"]?.string }
        return texts.count == parts.count ? .string(texts.joined(separator: "\n")) : .array(parts)
    }

    private static func call(id: String, name: String, arguments: JSONValue) -> JSONValue {
        let text = arguments.string ?? arguments.text
        return ["id": .string(id), "type": "function", "function": ["name": .string(name), "arguments": .string(text)]]
    }

    /// The calls that Amplifier's loops keep beside the content: `{"id", "tool", "arguments"}`.
    private static func loopCalls(_ message: Message) -> [JSONValue] {
        (message.additional["tool_calls"]?.array ?? []).compactMap { entry in
            let function = entry["function"]
            guard let id = entry["id"]?.string,
                let name = (entry["tool"] ?? entry["name"] ?? function?["name"])?.string
            else { return nil }
            return call(id: id, name: name, arguments: entry["arguments"] ?? function?["arguments"] ?? [:])
        }
    }

    private static func result(_ block: ToolResultBlock) -> JSONObject {
        let text = block.output.string ?? block.output.text
        return ["role": "tool", "tool_call_id": .string(block.toolCallID), "content": .string(text)]
    }

    /// A picture as vLLM takes it: a URL, or its bytes in one.
    private static func image(_ source: JSONObject) throws(ProviderError) -> JSONValue {
        let url: String
        if let data = source["data"]?.string {
            url = "data:\(source["media_type"]?.string ?? "image/png");base64,\(data)"
        } else if let address = source["url"]?.string {
            url = address
        } else {
            throw ProviderError(.invalidRequest, "an image block has neither `data` nor `url` in its source")
        }
        return ["type": "image_url", "image_url": ["url": .string(url)]]
    }
}
