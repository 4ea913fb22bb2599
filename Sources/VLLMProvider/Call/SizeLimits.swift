import Configuration
import VLLMClient

/// How much of what a server sends is taken in, so that memory is bounded whatever it sends.
struct SizeLimits: Sendable, Hashable {
    /// `max_header_bytes`.
    let headers: Int
    /// `max_body_bytes`, `max_error_body_bytes`, `max_event_bytes` and `max_stream_bytes`.
    let response: ResponseLimits
    /// What the answer itself may come to.
    let answer: AnswerLimits

    /// The limits of a configuration.
    init(_ values: ConfigurationValues) {
        headers = values.int("max_header_bytes") ?? 65_536
        var response = ResponseLimits()
        response.body = values.int("max_body_bytes") ?? response.body
        response.errorBody = values.int("max_error_body_bytes") ?? response.errorBody
        response.event = values.int("max_event_bytes") ?? response.event
        response.stream = values.int("max_stream_bytes") ?? response.stream
        self.response = response
        answer = AnswerLimits(values)
    }
}
