import JSON
import ProviderKit

extension SessionRecorder {
    /// Tells of an answer's blocks, one after another: what Amplifier's loops do with an answer that they have, for hooks that show it.
    /// Of several answers it is the first that the session goes on with. An instance that the plan names is named, which those loops do not.
    func tellBlocks(of response: ChatResponse, from provider: MountedProvider) {
        let blocks = response.content.filter { $0.choice == 0 }.compactMap(Self.shown)
        for (index, block) in blocks.enumerated() {
            var data: JSONObject = ["block_index": .integer(index), "total_blocks": .integer(blocks.count)]
            data["instance_id"] = provider.instanceID.map { .string($0) }
            data["block_type"] = block["type"]
            emit(EventName.contentBlockStart, data)
            data["block_type"] = nil
            data["block"] = .object(block)
            data["usage"] = response.usage?.json
            emit(EventName.contentBlockEnd, data)
        }
    }

    /// A block in the words of Amplifier's `content_models` (amplifier-core 2.0.2); `nil` for kinds that it does not know.
    private static func shown(_ block: ContentBlock) -> JSONObject? {
        if let text = block.text { return ["type": "text", "text": .string(text)] }
        if let thinking = block.thinking { return ["type": "thinking", "text": .string(thinking)] }
        return block.toolCall.map { call in
            ["type": "tool_call", "id": .string(call.id), "name": .string(call.name), "arguments": .object(call.arguments)]
        }
    }
}
