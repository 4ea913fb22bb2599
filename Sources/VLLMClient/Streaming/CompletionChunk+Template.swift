import JSON

extension CompletionChunk {
    func slots(in node: JSONView) -> ChunkSlots? {
        guard usage == nil, choices.count == 1, let choice = choices.first, choice.logprobs == nil, choice.finishReason == nil,
            let node = node["choices"]?[0]
        else { return nil }
        return ChunkSlots(text: node["text"], tokenIDs: node["token_ids"])
    }

    mutating func replace(text: String, tokenIDs: [Int]?) {
        choices[0].replace(text: text, tokenIDs: tokenIDs)
    }
}

extension CompletionChunk.Choice {
    fileprivate mutating func replace(text: String, tokenIDs: [Int]?) {
        self.text = text
        self.tokenIDs = tokenIDs
    }
}
