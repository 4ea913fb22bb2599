import Configuration
import JSON

extension VLLMProvider {
    /// A millisecond to a year: what is outside is a slip, and far outside fits no `Duration`.
    static let timeLimits = ConfigurationRange.between(0.001, 31_536_000)

    /// Where the server is and how it is reached.
    static let connectionFields = [
        ConfigurationField(
            "base_url", .string, environmentVariable: "VLLM_BASE_URL", requiredMessage: missingBaseURL, alternative: "base_urls",
            documentation: "Where the server is, with or without /v1: http://127.0.0.1:8000"),
        ConfigurationField(
            "default_model", .string,
            documentation: "The model to ask; without it, the only one that the server has."),
        ConfigurationField(
            "timeout", .seconds, default: 600.0, range: timeLimits, documentation: "The time for a whole call."),
        ConfigurationField(
            "connect_timeout", .seconds, default: 10.0, range: timeLimits, documentation: "The time to reach the server."),
        ConfigurationField(
            "first_byte_timeout", .seconds, range: timeLimits,
            documentation: "The time from a request being sent to the beginning of its answer: of a stream, to the first event with data; "
                + "an answer that is not streamed begins when it is complete. Without it, stream_idle_timeout counts."),
        ConfigurationField(
            "stream_idle_timeout", .seconds, default: 300.0, range: timeLimits, environmentVariable: "VLLM_STREAM_IDLE_TIMEOUT",
            documentation: "The longest pause of a stream between two events with data; comments, such as the server's keep-alives, "
                + "do not count."),
        ConfigurationField("headers", .object, documentation: "Header fields to send with every request."),
        ConfigurationField("ca_file", .string, documentation: "Certificates to trust, in PEM form, in place of the system's."),
        ConfigurationField(
            "insecure_skip_verify", .bool, default: false, documentation: "Accepts any TLS certificate. For tests only."),
        ConfigurationField(
            "proxy", .string, documentation: "The proxy's URL; without it HTTP_PROXY, HTTPS_PROXY and NO_PROXY count."),
        ConfigurationField(
            "priority", .int, default: 100, documentation: "Which provider a session takes: the one with the lowest number."),
    ]
}
