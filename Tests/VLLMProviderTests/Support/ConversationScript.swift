import JSON

/// A conversation in short: a line a message, `user TEXT`, `assistant TEXT`, `call ID…` (of the tool `f`), `result ID TEXT`.
enum ConversationScript {
    /// The messages of a host.
    static func messages(_ lines: [String]) -> JSONValue { .array(lines.map(message)) }

    private static func message(_ line: String) -> JSONValue {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        switch words[0] {
        case "call":
            let ids = line.split(separator: " ").dropFirst().map(String.init)
            return [
                "role": "assistant", "content": .array(ids.map { ["type": "tool_call", "id": .string($0), "name": "f", "input": [:]] }),
            ]
        case "result": return ["role": "tool", "tool_call_id": .string(words[1]), "content": .string(words[2])]
        default: return ["role": .string(words[0]), "content": .string(words.dropFirst().joined(separator: " "))]
        }
    }

    /// The lines for messages as they are sent; line breaks are spaces.
    static func lines(_ messages: JSONValue) -> [String] {
        (messages.array ?? []).map { message in
            let text = message["content"]?.string?.replacing("\n", with: " ") ?? ""
            if let calls = message["tool_calls"]?.array { return (["call"] + calls.compactMap { $0["id"]?.string }).joined(separator: " ") }
            let role = message["role"]?.string ?? ""
            return role == "tool" ? "result \(message["tool_call_id"]?.string ?? "") \(text)" : "\(role) \(text)"
        }
    }
}
