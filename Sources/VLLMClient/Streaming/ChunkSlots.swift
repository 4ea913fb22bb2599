import JSON

/// Where in the JSON of an event the values stand that differ between the events of a stream.
struct ChunkSlots {
    /// The first byte of the text, behind its quote.
    let text: Int
    /// The first byte of the token ids, behind their bracket, where the event tells them.
    let tokenIDs: Int?

    /// - Returns: `nil` where `text` is no string.
    init?(text: JSONView?, tokenIDs: JSONView?) {
        guard let text, text.kind == "string" else { return nil }
        self.text = text.offset
        self.tokenIDs = tokenIDs.flatMap { $0.kind == "array" ? $0.offset + 1 : nil }
    }
}
