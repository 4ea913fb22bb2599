import JSON
import ProviderKit
import Redaction

/// What of a request decides which recorded answer is given: without what is different in each run, and in one spelling.
struct CanonicalRequest: Sendable, Hashable {
    /// The request as JSON in canonical spelling.
    let value: JSONValue

    /// Members that do not change an answer. The model is compared on its own, since a request may leave it to the configuration.
    private static let volatileMembers: Set<String> = ["conversation_id", "metadata", "model", "stream", "timeout"]
    /// Members of `metadata` that belong to one run.
    private static let volatileMetadata: Set<String> = [
        "request_id", "session_id", "parent_id", "span_id", "parent_span_id", "trace_id", "timestamp", "stream",
    ]

    init(_ request: ChatRequest, match: RequestMatch) {
        var ids = CallNumbers()
        let value: JSONValue
        switch match {
        case .strict:
            var members = JSONObject((request.json.object ?? [:]).filter { !Self.volatileMembers.contains($0.key) })
            // What a request that has tools means where it does not say it: the loops of hosts differ in that.
            if request.toolChoice == "auto" { members["tool_choice"] = nil }
            members["messages"] = .array(request.messages.map { Self.whole($0, &ids) })
            let metadata = (request.metadata ?? [:]).filter { !Self.volatileMetadata.contains($0.key) }
            if !metadata.isEmpty { members["metadata"] = .object(JSONObject(metadata)) }
            value = .object(members)
        case .loose: value = ["messages": .array(request.messages.compactMap(Self.texts))]
        }
        // A log has no secrets, so that a request with one would never be found; those that only its provider knew, `MaskedValue` finds.
        self.value = Redactor().redact(value).canonical
    }

    /// What stands for the request where it is looked up.
    var digest: String { value.digest }

    /// A message with what a provider says; what it keeps with it (`metadata`) belongs to one run.
    private static func whole(_ message: Message, _ ids: inout CallNumbers) -> JSONValue {
        var members = message.json.object ?? [:]
        members["metadata"] = nil
        members["content"] = .array(message.content.blocks.map { ids.renumbered($0.json) })
        members["tool_calls"] = callsBesideContent(message)
        // The call that it answers tells the tool's name.
        if message.toolCallID != nil { members["name"] = nil }
        for key in ["tool_call_id", "tool_calls"] { members[key] = members[key].map { ids.renumbered($0, under: key) } }
        return .object(members)
    }

    /// The `tool_calls` of an assistant's message without those that its content has: Amplifier's loops say each call twice.
    private static func callsBesideContent(_ message: Message) -> JSONValue? {
        guard let calls = message.additional["tool_calls"]?.array else { return message.additional["tool_calls"] }
        var told: [String: ToolCallBlock] = [:]
        for case .toolCall(let block) in message.content.blocks { told[block.id] = block }
        let others = calls.filter { call in
            guard let block = call["id"]?.string.flatMap({ told[$0] }) else { return true }
            return call["tool"]?.string != block.name || call["arguments"]?.canonical != JSONValue.object(block.input).canonical
        }
        return others.isEmpty ? nil : .array(others)
    }

    private static func texts(_ message: Message) -> JSONValue? {
        let texts = message.content.blocks.compactMap { block -> String? in
            if case .toolResult(let result) = block { return result.output.string ?? result.output.text }
            return block.text
        }
        let text = texts.joined(separator: "\n").trimmed
        return text.isEmpty ? nil : ["role": .string(message.role.rawValue), "text": .string(text)]
    }
}

extension String {
    /// The text without white space at its ends.
    fileprivate var trimmed: String {
        let rest = drop { $0.isWhitespace }
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(rest[...last])
    }
}
