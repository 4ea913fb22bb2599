import JSON
import ProviderKit
import SessionTimeline

extension RecordedSession {
    /// An answer put together from what a log says of it.
    struct Answer: Sendable {
        var call: ProviderCall
        var response: ChatResponse
    }

    /// The answers to a prompt in order, of calls that did not fail, as far as the log has them whole.
    func answers(in turn: PromptTurn) -> [Answer] {
        var blocks = blocks(in: turn, previews: false)
        if blocks.last?.isEmpty == true, let preview = preview(of: turn) {
            // How an answer begins is no answer.
            guard preview.isWhole else { return answers(turn.calls.dropLast(), blocks.dropLast()) }
            blocks[blocks.count - 1] = [.text(TextBlock(preview.text))]
        }
        return answers(turn.calls[...], blocks[...])
    }

    private func answers(_ calls: ArraySlice<ProviderCall>, _ blocks: ArraySlice<[ContentBlock]>) -> [Answer] {
        zip(calls, blocks).compactMap { call, blocks in
            guard call.status == .ok || !blocks.isEmpty else { return nil }
            if call.request != nil, let json = call.response, let response = try? ChatResponse(json: json) {
                return Answer(call: call, response: response)
            }
            return Answer(call: call, response: ChatResponse(content: blocks, usage: call.usage, finishReason: call.finishReason))
        }
    }

    /// The blocks of each call of a prompt: as the loop told them, else as they streamed, with the tools that ran behind it; of the last
    /// answer, what the end of the prompt says of it, where `previews` are wanted.
    func blocks(in turn: PromptTurn, previews: Bool = true) -> [[ContentBlock]] {
        var result: [[ContentBlock]] = []
        var tellsCalls = false
        for step in turn.steps {
            switch step {
            case .call(let call):
                result.append(blocks(of: call))
                tellsCalls = result.last?.contains { $0.toolCall != nil } ?? false
            case .tool(let tool):
                guard let last = result.indices.last, !tellsCalls else { continue }
                let id = tool.callID ?? "call-\(result[last].count + 1)"
                result[last].append(.toolCall(ToolCallBlock(id: id, name: tool.name, input: tool.input?.object ?? [:])))
            }
        }
        if previews, let last = result.indices.last, result[last].isEmpty, let preview = preview(of: turn) {
            result[last].append(.text(TextBlock(preview.text)))
        }
        return result
    }

    private func blocks(of call: ProviderCall) -> [ContentBlock] {
        let told = call.blocks.compactMap(Self.block)
        if !told.isEmpty { return told }
        let whole = call.request == nil ? nil : call.response ?? call.error?["partial_response"]
        if let response = whole.flatMap({ try? ChatResponse(json: $0) }) { return response.content }
        var seen: Set<Int> = []
        return call.streamedBlocks.filter { seen.insert($0.index).inserted }.sorted { $0.index < $1.index }.compactMap { block in
            guard let text = streamedText(of: call, block: block.index) else { return nil }
            return block.type == "thinking" ? .thinking(ThinkingBlock(text)) : .text(TextBlock(text))
        }
    }

    /// A block in the words of `content_block:end`: those of Amplifier's `content_models`, or those of its messages.
    private static func block(_ told: JSONObject) -> ContentBlock? {
        switch told["type"]?.string {
        case "text": return (told["text"]?.string).map { .text(TextBlock($0)) }
        case "thinking": return (told["text"] ?? told["thinking"])?.string.map { .thinking(ThinkingBlock($0)) }
        case "tool_call", "tool_use":
            guard let name = told["name"]?.string else { return nil }
            let input = (told["arguments"] ?? told["input"])?.object ?? [:]
            return .toolCall(ToolCallBlock(id: told["id"]?.string ?? "", name: name, input: input))
        default: return nil
        }
    }
}
