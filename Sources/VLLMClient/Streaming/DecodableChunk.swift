import JSON

/// How the events of a stream are read.
protocol DecodableChunk: Sendable {
    /// The whole event as it came, when the call asked for it.
    var raw: JSONObject? { get }

    /// Reads an event.
    /// - Parameter raw: the same event, to be kept.
    init(_ node: JSONView, raw: JSONObject?) throws(MalformedField)

    /// Where in the JSON that this chunk was read from the values stand that are others in every event. `nil` for a chunk that says more
    /// than events usually do, and where another value would change more than that value.
    func slots(in node: JSONView) -> ChunkSlots?

    /// Puts other values into the slots of this chunk.
    mutating func replace(_ values: ChunkValues)
}
