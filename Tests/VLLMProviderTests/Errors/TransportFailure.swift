import HTTPTransport
import ProviderKit
import Testing

/// A failure of the transport, and what the provider makes of it: a row of docs/errors.md.
struct TransportFailure: Sendable, CustomTestStringConvertible {
    var failure: TransportError.Code
    /// What happened, for the page.
    var about: String
    var code: ProviderError.Code
    var isRetryable = false
    var hint: String?

    var testDescription: String { failure.description }

    static let all = [
        TransportFailure(
            failure: .hostNotFound, about: "the host's name is not known", code: .network, isRetryable: true,
            hint: "check the host's name in base_url"),
        TransportFailure(
            failure: .connectionFailed, about: "refused, or no way to the server", code: .network, isRetryable: true,
            hint: "start a vLLM server at http://server:8000, or set base_url or VLLM_BASE_URL to where one is"),
        TransportFailure(
            failure: .connectionLost, about: "the connection broke, before or within the answer", code: .network, isRetryable: true),
        TransportFailure(
            failure: .tls, about: "the server's certificate, or TLS with it", code: .network,
            hint: "set ca_file for a certificate of your own authority"),
        TransportFailure(
            failure: .proxy, about: "the proxy", code: .network, isRetryable: true, hint: "check proxy, or HTTP_PROXY and HTTPS_PROXY"),
        TransportFailure(
            failure: .proxyAuthentication, about: "the proxy asks for credentials (401 or 407 to CONNECT)", code: .authentication,
            hint: "check proxy, or HTTP_PROXY and HTTPS_PROXY"),
        TransportFailure(
            failure: .proxyRefused, about: "the proxy does not allow the server (403 to CONNECT)", code: .accessDenied,
            hint: "check proxy, or HTTP_PROXY and HTTPS_PROXY"),
        TransportFailure(
            failure: .protocolViolation, about: "what came is not HTTP", code: .network, hint: "check that base_url leads to a vLLM server"),
        TransportFailure(failure: .other, about: "anything else", code: .network, isRetryable: true),
        TransportFailure(
            failure: .connectTimeout, about: "`connect_timeout` passed", code: .timeout, isRetryable: true,
            hint: "check base_url and the network, or raise connect_timeout"),
        TransportFailure(
            failure: .firstByteTimeout, about: "`first_byte_timeout` passed", code: .timeout, isRetryable: true,
            hint: "look whether the server hangs or is overloaded; for long prompts, and for long answers that are not streamed, "
                + "raise first_byte_timeout"),
        TransportFailure(
            failure: .idleTimeout, about: "`stream_idle_timeout` passed", code: .timeout, isRetryable: true,
            hint: "look whether the server hangs or a proxy lost the connection, or raise stream_idle_timeout"),
        TransportFailure(
            failure: .timeout, about: "`timeout` passed", code: .timeout, isRetryable: true,
            hint: "raise timeout, or ask for fewer tokens with max_tokens"),
        TransportFailure(
            failure: .headersTooLarge, about: "the header fields are larger than `max_header_bytes`", code: .stream,
            hint: "raise max_header_bytes if such an answer is wanted"),
        TransportFailure(
            failure: .tooLarge, about: "an answer in one piece is larger than `max_body_bytes`", code: .stream,
            hint: "raise max_body_bytes if such an answer is wanted"),
        TransportFailure(
            failure: .eventTooLarge, about: "an event is larger than `max_event_bytes`", code: .stream,
            hint: "raise max_event_bytes if such an answer is wanted"),
        TransportFailure(
            failure: .streamTooLarge, about: "a stream is larger than `max_stream_bytes`", code: .stream,
            hint: "raise max_stream_bytes if such an answer is wanted"),
        TransportFailure(failure: .invalidURL, about: "`base_url` cannot be used", code: .configuration, hint: "check base_url"),
        TransportFailure(failure: .invalidRequest, about: "a header field cannot be sent", code: .configuration, hint: "check headers"),
        TransportFailure(failure: .cancelled, about: "the caller cancelled", code: .cancelled),
        TransportFailure(failure: .closed, about: "the provider was closed", code: .cancelled),
    ]
}
