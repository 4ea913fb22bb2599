import JSON

/// A whole message taken apart: what an answer that is not streamed tells.
struct ChatText {
    private(set) var content: String?
    private(set) var reasoning: String?
    private(set) var calls: [JSONValue] = []

    /// Takes apart what the model wrote.
    init(_ text: String, request: ChatRequest) {
        var said: Substring? = text[...]
        if request.parsesReasoning {
            let thought = text.hasPrefix("<think>") ? text.dropFirst("<think>".count) : text[...]
            let end = thought.firstRange(of: "</think>")
            reasoning = String(end.map { thought[..<$0.lowerBound] } ?? thought)
            said = end.map { thought[$0.upperBound...] }
        }
        if request.parsesReasoning || request.demands.forcedCall != nil, said?.isEmpty ?? true {
            content = nil
        } else {
            content = said.map { String($0) }
        }
        guard request.toolChoice.parsesCalls, let said, let calls = Self.calls(in: said) else { return }
        self.calls = calls
        let before = said.split(separator: "<tool_call>", maxSplits: 1, omittingEmptySubsequences: false)[0]
        content = request.demands.forcedCall != nil ? "" : before.trimmed.isEmpty ? nil : String(before)
    }

    /// The calls in a text, if there are any and all of them are whole.
    private static func calls(in text: Substring) -> [JSONValue]? {
        let parts = text.split(separator: "<tool_call>", omittingEmptySubsequences: false).dropFirst()
        guard !parts.isEmpty else { return nil }
        var calls: [JSONValue] = []
        for part in parts {
            let markup = part.split(separator: "</tool_call>", maxSplits: 1, omittingEmptySubsequences: false)[0]
            guard let call = try? JSONValue(parsing: markup.utf8), let name = call["name"]?.string else { return nil }
            calls.append([
                "id": .string(WireID.make("chatcmpl-tool-")), "type": "function",
                "function": ["name": .string(name), "arguments": .string((call["arguments"] ?? [:]).pythonText)],
            ])
        }
        return calls
    }
}
