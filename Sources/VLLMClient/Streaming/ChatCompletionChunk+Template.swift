import JSON

extension ChatCompletionChunk {
    func slots(in node: JSONView) -> ChunkSlots? {
        guard usage == nil, choices.count == 1, let choice = choices.first, choice.logprobs == nil, choice.finishReason == nil,
            choice.delta.toolCalls.isEmpty, let node = node["choices"]?[0], let delta = node["delta"]
        else { return nil }
        // Of two texts one may stand for the other, as that of `reasoning_content` does for an empty `reasoning`.
        let texts = ["content", "reasoning", "reasoning_content"].compactMap { delta[$0] }.filter { !$0.isNull }
        return texts.count == 1 ? ChunkSlots(text: texts[0], tokenIDs: node["token_ids"]) : nil
    }

    mutating func replace(text: String, tokenIDs: [Int]?) {
        choices[0].replace(text: text, tokenIDs: tokenIDs)
    }
}

extension ChatCompletionChunk.Choice {
    fileprivate mutating func replace(text: String, tokenIDs: [Int]?) {
        if delta.content == nil { delta.reasoning = text } else { delta.content = text }
        self.tokenIDs = tokenIDs
    }
}
