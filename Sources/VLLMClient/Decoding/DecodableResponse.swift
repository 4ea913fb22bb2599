import JSON

/// An answer that comes as one JSON object.
protocol DecodableResponse: Sendable {
    /// Reads the object.
    /// - Parameter answer: the same object, to be kept.
    init(_ node: JSONView, answer: AnswerText) throws(MalformedField)
}
