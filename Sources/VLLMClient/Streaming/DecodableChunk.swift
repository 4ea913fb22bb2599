import JSON

/// How the events of a stream are read.
protocol DecodableChunk: Sendable {
    /// The whole event as it came, when the call asked for it.
    var raw: JSONObject? { get }

    /// Reads an event.
    /// - Parameters:
    ///   - previous: the event before, whose strings are taken over where they are the same.
    ///   - raw: the same event, to be kept.
    init(_ node: JSONView, previous: Self?, raw: JSONObject?) throws(MalformedField)
}
