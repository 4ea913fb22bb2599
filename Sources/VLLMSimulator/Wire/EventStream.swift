import JSON

/// Events of a stream as bytes.
enum EventStream {
    /// An event with JSON.
    static func event(_ value: JSONValue) -> SimulatedResponse.Part {
        var writer = JSONWriter()
        writer.write(raw: "data: ".utf8)
        writer.write(value)
        writer.write(raw: "\n\n".utf8)
        return .bytes(writer.bytes)
    }

    /// The last event.
    static let done = SimulatedResponse.Part.bytes(Array("data: [DONE]\n\n".utf8))

    /// A stream that failed: the error comes as an event, as Python writes JSON, with a clean end.
    static func failure(_ error: WireError) -> [SimulatedResponse.Part] {
        [.bytes(Array("data: \(error.body.pythonText)\n\n".utf8)), done]
    }
}
