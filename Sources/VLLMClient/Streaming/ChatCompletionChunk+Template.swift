import JSON

extension ChatCompletionChunk {
    func slots(in node: JSONView) -> ChunkSlots? {
        guard usage == nil, choices.count == 1, let choice = choices.first, choice.finishReason == nil, choice.delta.toolCalls.count <= 1,
            let node = node["choices"]?[0], let delta = node["delta"]
        else { return nil }
        // Of two texts one may stand for the other, as that of `reasoning_content` does for an empty `reasoning`.
        let arguments = choice.delta.toolCalls.isEmpty ? nil : delta["tool_calls"]?[0]?["function"]?["arguments"]
        let texts = ([arguments] + ["content", "reasoning", "reasoning_content"].map { delta[$0] }).compactMap { $0 }.filter { !$0.isNull }
        guard texts.count <= 1 else { return nil }
        return ChunkSlots(
            text: texts.first, logprobs: choice.logprobs == nil ? nil : node["logprobs"]?["content"], tokenIDs: node["token_ids"])
    }

    mutating func replace(_ values: ChunkValues) {
        choices[0].replace(values)
    }
}

extension ChatCompletionChunk.Choice {
    fileprivate mutating func replace(_ values: ChunkValues) {
        if let text = values.text {
            if delta.content != nil {
                delta.content = text
            } else if delta.reasoning != nil {
                delta.reasoning = text
            } else {
                delta.toolCalls[0].arguments = text
            }
        }
        if let logprobs = values.logprobs { self.logprobs = logprobs }
        if let tokenIDs = values.tokenIDs { self.tokenIDs = tokenIDs }
    }
}
