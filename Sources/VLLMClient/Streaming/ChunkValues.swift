import JSON

/// What stands in the slots of an event; `nil` where it has no such slot.
struct ChunkValues {
    var text: String?
    var logprobs: TokenLogprobs?
    var tokenIDs: [Int]?

    /// Reads what stands in a slot, up to the quote or bracket behind it.
    /// - Returns: whether it could be read.
    mutating func read(_ slot: ChunkSlot, _ reader: inout JSONFragmentReader) -> Bool {
        switch slot {
        case .text:
            text = reader.string()
            return text != nil
        case .logprobs:
            logprobs = TokenLogprobs(elements: &reader)
            return logprobs != nil
        case .tokenIDs:
            tokenIDs = reader.integers()
            return tokenIDs != nil
        }
    }
}
