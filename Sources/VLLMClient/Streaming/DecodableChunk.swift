import JSON

/// How the events of a stream are read.
protocol DecodableChunk: Sendable {
    /// The whole event as it came, when the call asked for it.
    var raw: JSONObject? { get }

    /// Reads an event.
    /// - Parameter raw: the same event, to be kept.
    init(_ node: JSONView, raw: JSONObject?) throws(MalformedField)

    /// Where the text and the token ids stand in the JSON that this chunk was read from. `nil` for a chunk that says more than events
    /// usually do, and where another text would change more than the text.
    func slots(in node: JSONView) -> ChunkSlots?

    /// Puts another text and other token ids into the slots of this chunk, which has them.
    mutating func replace(text: String, tokenIDs: [Int]?)
}
