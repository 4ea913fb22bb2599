import JSON

extension CompletionChunk {
    func slots(in node: JSONView) -> ChunkSlots? {
        guard usage == nil, choices.count == 1, let choice = choices.first, choice.logprobs == nil, choice.finishReason == nil,
            let node = node["choices"]?[0]
        else { return nil }
        return ChunkSlots(text: node["text"], tokenIDs: node["token_ids"])
    }

    mutating func replace(_ values: ChunkValues) {
        choices[0].replace(values)
    }
}

extension CompletionChunk.Choice {
    fileprivate mutating func replace(_ values: ChunkValues) {
        if let text = values.text { self.text = text }
        if let tokenIDs = values.tokenIDs { self.tokenIDs = tokenIDs }
    }
}
