import JSON

/// How the events of a stream are read.
protocol DecodableChunk: Sendable {
    /// The whole event as it came, when the call asked for it.
    var raw: JSONObject? { get }

    /// Reads an event.
    /// - Parameter raw: the same event, to be kept.
    init(_ node: JSONView, raw: JSONObject?) throws(MalformedField)
}
