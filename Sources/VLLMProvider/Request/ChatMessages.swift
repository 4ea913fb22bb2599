import JSON
import ProviderKit

/// The turns of a conversation in the shapes of vLLM's chat API, as `/v1/chat/completions` and `/tokenize` take them.
///
/// Every block is sent, whatever its visibility, which says who may see it on a screen.
struct ChatMessages {
    private(set) var messages: [JSONObject] = []
    /// Whether they hold more than text.
    private(set) var holdMedia = false
    /// The blocks that no server takes, by type, and the messages that they stand in.
    private var leftOut: [(type: String, messages: [Int])] = []

    /// Whether the server knows what the model thought: OpenAI's API has no place for it, and some servers refuse what they do not know.
    private let sendsReasoning: Bool

    /// - Throws: `ProviderError` with the code `invalidRequest`, for media that cannot be sent.
    init(_ turns: [Turn], sendsReasoning: Bool) throws(ProviderError) {
        self.sendsReasoning = sendsReasoning
        messages.reserveCapacity(turns.count)
        // A span lends its elements; an array gives copies of them.
        let turns = turns.span
        for index in turns.indices {
            if case .text(let text) = turns[index].content, turns[index].calls.isEmpty, case .none = turns[index].callID,
                case .none = turns[index].name
            {
                messages.append(Self.message(turns[index].role, text))
            } else {
                messages.append(try map(turns[index]))
            }
        }
    }

    /// The messages of a conversation in which the usual speakers say plain texts, and nothing else is said: it is sent as it is, and need
    /// not become turns before.
    /// - Returns: `nil` for any other.
    init?(plain conversation: [Message]) {
        sendsReasoning = true
        messages.reserveCapacity(conversation.count)
        let said = conversation.span
        for index in said.indices {
            guard case .text(let text) = said[index].content, case .none = said[index].name, said[index].additional.isEmpty,
                said[index].role == .user || said[index].role == .assistant || said[index].role == .system
            else { return nil }
            messages.append(Self.message(said[index].role, text))
        }
    }

    /// What could not be sent.
    var degradations: [Degradation] {
        leftOut.map { type, messages in
            Degradation(
                requested: "content block \(type) in \(messages.map { "messages[\($0)]" }.joined(separator: ", "))", actual: "left out",
                reason: "the server's API has no such content")
        }
    }

    private mutating func map(_ turn: Turn) throws(ProviderError) -> JSONObject {
        switch turn.content {
        case .text(let text): Self.message(turn, content: .string(text))
        case .blocks(let blocks): try map(turn, blocks)
        }
    }

    private mutating func map(_ turn: Turn, _ blocks: [ContentBlock]) throws(ProviderError) -> JSONObject {
        var parts: [JSONValue] = []
        var thoughts: [String] = []
        for block in blocks {
            if turn.role == .assistant, let thought = block.thought {
                let isBlank = thought.allSatisfy(\.isWhitespace)
                if sendsReasoning { thoughts.append(thought) } else if !isBlank { leaveOut(block, turn) }
            } else if let part = try part(block, turn) {
                parts.append(part)
            } else {
                leaveOut(block, turn)
            }
        }
        let content = parts.isEmpty && !turn.calls.isEmpty ? .null : Self.content(parts)
        if case .array = content { holdMedia = true }
        return Self.message(
            turn, content: content,
            reasoning: thoughts.filter { !$0.allSatisfy(\.isWhitespace) }.joined(separator: "\n"))
    }

    private static func message(_ role: Role, _ text: String) -> JSONObject {
        JSONObject(distinct: [
            JSONObject.Entry(key: "role", value: .string(role.rawValue)), JSONObject.Entry(key: "content", value: .string(text)),
        ])
    }

    private static func message(_ turn: Turn, content: JSONValue, reasoning: String = "") -> JSONObject {
        var message: JSONObject = ["role": .string(turn.role.rawValue)]
        if let id = turn.callID { message["tool_call_id"] = .string(id) }
        if let name = turn.name { message["name"] = .string(name) }
        message["content"] = content
        if !reasoning.isEmpty {
            // vLLM reads `reasoning_content` in 0.11.1 to 0.15.1, and `reasoning` in 0.11.1 and later; unknown keys are ignored.
            message["reasoning"] = .string(reasoning)
            message["reasoning_content"] = .string(reasoning)
        }
        if !turn.calls.isEmpty { message["tool_calls"] = .array(turn.calls.map(call)) }
        return message
    }

    private func part(_ block: ContentBlock, _ turn: Turn) throws(ProviderError) -> JSONValue? {
        do {
            return try ContentPart.map(block)
        } catch {
            var error = error
            error.message = "messages[\(turn.messageIndex)]: \(error.message)"
            throw error
        }
    }

    private mutating func leaveOut(_ block: ContentBlock, _ turn: Turn) {
        let type = block.json["type"]?.string ?? "without a type"
        let index = leftOut.firstIndex { $0.type == type } ?? leftOut.endIndex
        if index == leftOut.endIndex { leftOut.append((type, [])) }
        if leftOut[index].messages.last != turn.messageIndex { leftOut[index].messages.append(turn.messageIndex) }
    }

    /// Text alone is a string, which every chat template understands; several texts stand on lines of their own, as vLLM joins them.
    /// Parts are for what text cannot say.
    private static func content(_ parts: [JSONValue]) -> JSONValue {
        let texts = parts.compactMap { $0["type"] == "text" ? $0["text"]?.string : nil }
        return texts.count == parts.count ? .string(texts.joined(separator: "\n")) : .array(parts)
    }

    private static func call(_ call: Turn.Call) -> JSONValue {
        ["id": .string(call.id), "type": "function", "function": ["name": .string(call.name), "arguments": .string(call.arguments)]]
    }
}

extension ContentBlock {
    /// What the model thought, of a block of reasoning; of the Responses API's, the summary where there is nothing else.
    fileprivate var thought: String? {
        switch self {
        case .thinking(let block): return block.thinking
        case .reasoning(let block):
            let texts = [block.content, block.summary].map { parts in parts.compactMap { $0["text"]?.string ?? $0.string } }
            return (texts.first { !$0.isEmpty } ?? []).joined(separator: "\n")
        default: return nil
        }
    }
}
