extension ChatMessage {
    /// The messages as the server gives them to a template that knows no developer role, where there is such a message: developers'
    /// become system ones, and all of those one at the beginning (vLLM 0.32, `renderers/hf.py`).
    static func withoutDevelopers(_ messages: [ChatMessage]) -> [ChatMessage] {
        func isSystem(_ message: ChatMessage) -> Bool { message.role == "system" || message.role == "developer" }
        guard messages.contains(where: { $0.role == "developer" }), var first = messages.first(where: isSystem) else { return messages }
        first.role = "system"
        first.content = messages.filter { isSystem($0) && !$0.content.isEmpty }.map(\.content).joined(separator: "\n\n")
        return [first] + messages.filter { !isSystem($0) }
    }
}
