import JSON

/// A conversation as the model reads it out of its prompt: the chat template undone.
struct Conversation {
    /// One message that is not the system's.
    struct Turn {
        var role: String
        var text: String
        var calls: [ToolCall] = []
    }

    /// A call of a tool in a turn of the assistant.
    struct ToolCall {
        var name: String
        var arguments: JSONValue
    }

    /// The system prompt, without the tools.
    var system = ""
    /// The names of the tools, in their order.
    var tools: [String] = []
    /// The turns so far.
    var turns: [Turn] = []
    /// What is there of the answer: where the template or the client began it.
    var begun = ""

    /// Reads a prompt, if it ends in a turn of the assistant that is still open.
    init?(prompt: String) {
        // What stands before the first turn is the end of one that a limit on the prompt cut.
        let parts = prompt.split(separator: "<|im_start|>", omittingEmptySubsequences: false).dropFirst()
        guard let last = parts.last, last.hasPrefix("assistant\n"), !last.contains("<|im_end|>") else {
            return nil
        }
        begun = String(last.dropFirst("assistant\n".count))
        for part in parts.dropLast() {
            let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard lines.count == 2 else { return nil }
            let text = Self.before("<|im_end|>", in: lines[1])
            switch lines[0] {
            case "system" where turns.isEmpty: readSystem(text)
            case "assistant": turns.append(Self.assistantTurn(text))
            default: turns.append(Turn(role: String(lines[0]), text: String(text)))
            }
        }
    }

    private mutating func readSystem(_ text: Substring) {
        let parts = text.split(separator: "# Tools\n<tools>\n", maxSplits: 1, omittingEmptySubsequences: false)
        system = parts[0].trimmed
        guard parts.count == 2 else { return }
        tools = Self.before("\n</tools>", in: parts[1]).split(separator: "\n").compactMap { line in
            (try? JSONValue(parsing: line.utf8))?["name"]?.string
        }
    }

    private static func assistantTurn(_ text: Substring) -> Turn {
        let said = text.split(separator: "</think>", maxSplits: 1, omittingEmptySubsequences: false).last ?? text
        let parts = said.split(separator: "<tool_call>\n", omittingEmptySubsequences: false)
        let calls = parts.dropFirst().map { part in
            let call = try? JSONValue(parsing: before("\n</tool_call>", in: part).utf8)
            return ToolCall(name: call?["name"]?.string ?? "", arguments: call?["arguments"] ?? .null)
        }
        return Turn(role: "assistant", text: parts[0].trimmed, calls: calls)
    }

    private static func before(_ mark: String, in text: Substring) -> Substring {
        text.split(separator: mark, maxSplits: 1, omittingEmptySubsequences: false).first ?? text
    }
}
