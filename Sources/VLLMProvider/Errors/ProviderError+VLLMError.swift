import HTTPTransport
import JSON
import ProviderKit
import SessionLog
import VLLMClient

extension ProviderError {
    /// The provider's error for a failed call of the client, in a user's words.
    /// - Parameter limits: the time that the call had.
    init(_ error: VLLMError, settings: VLLMSettings, limits: TimeLimits) {
        switch error.kind {
        case .transport(let transport): self.init(transport, settings: settings, limits: limits)
        case .status, .errorInBody: self.init(status: error.effectiveStatus ?? 500, error, settings: settings)
        case .malformedResponse:
            self.init(
                .stream, "the answer of \(settings.baseURL) cannot be read: \(error.message)",
                hint: "check that base_url leads to a vLLM server", isRetryable: false)
        case .streamEndedEarly: self.init(.stream, error.message, hint: "try again; if it happens again, look into the server's log")
        case .invalidRequest: self.init(.invalidRequest, error.message)
        }
        provider = settings.providerName
        status = error.status
        requestID = error.requestID
        body = error.body
        retryAfter =
            error.retryAfterMilliseconds.flatMap { RetryAfter.delay(milliseconds: $0) }
            ?? error.retryAfter.flatMap { RetryAfter.delay($0, now: LogTimestamp.now().seconds) }
        cause = error
    }

    private init(_ error: TransportError, settings: VLLMSettings, limits: TimeLimits) {
        let server = "\(settings.baseURL)"
        if let timeout = ProviderError(timeout: error, server: server, limits: limits) {
            self = timeout
            return
        }
        switch error.code {
        case .cancelled: self.init(.cancelled, "the call was cancelled")
        case .closed: self.init(.cancelled, "the provider was closed")
        case .invalidURL: self.init(.configuration, error.message, hint: "check base_url")
        case .invalidRequest: self.init(.configuration, error.message, hint: "check headers")
        case .tls:
            self.init(.network, error.message, hint: "set ca_file for a certificate of your own authority", isRetryable: false)
        case .hostNotFound: self.init(.network, error.message, hint: "check the host's name in base_url")
        case .proxy: self.init(.network, error.message, hint: "check proxy, or HTTP_PROXY and HTTPS_PROXY")
        case .connectionFailed:
            self.init(.network, error.message, hint: "start a vLLM server at \(server), or set base_url or VLLM_BASE_URL to where one is")
        case .protocolViolation:
            self.init(.network, error.message, hint: "check that base_url leads to a vLLM server", isRetryable: false)
        case .tooLarge: self.init(.stream, error.message, isRetryable: false)
        default: self.init(.network, error.message)
        }
    }

    private init(status: Int, _ error: VLLMError, settings: VLLMSettings) {
        let message = error.message
        let server = "\(settings.baseURL)"
        switch status {
        case 401:
            self.init(.authentication, "\(server) does not accept the API key: \(message)", hint: "set api_key or VLLM_API_KEY")
        case 403: self.init(.accessDenied, "\(server) does not allow this: \(message)")
        case 404 where error.param == "model" || message.contains("model") && message.contains("not exist"):
            self.init(.notFound, message, hint: "set default_model or --model; `vllm-host models` lists what is served")
        case 404, 405, 501:
            self.init(
                .notFound, "\(server) has no such route: \(message)",
                hint: "check that base_url leads to a vLLM server whose model generates text")
        case 413: self.init(.contextLength, message, details: ContextLengthMessage.numbers(message))
        case 400 where ContextLengthMessage.isOne(message):
            self.init(
                .contextLength, message, hint: "shorten the conversation or lower max_tokens",
                details: ContextLengthMessage.numbers(message))
        case 400 where message.contains("--tool-call-parser"):
            self.init(
                .invalidRequest, message, hint: "start the server with --enable-auto-tool-choice --tool-call-parser, or use completions")
        case 408, 504: self.init(.timeout, "\(server) gave up (status \(status)): \(message)")
        case 402:
            self.init(.quotaExceeded, "\(server) asks for payment: \(message)", hint: "check the account at the server")
        case 429 where Self.speaksOfQuota(error):
            self.init(.quotaExceeded, "\(server) says that the quota is used up: \(message)", hint: "check the account at the server")
        case 429: self.init(.rateLimit, "\(server) has too many requests: \(message)", hint: "try again later")
        case 502, 503: self.init(.unavailable, "\(server) cannot answer now: \(message)", hint: "try again later")
        case 500...: self.init(.unavailable, "\(server) failed (status \(status)): \(message)", hint: "look into the server's log")
        case 300..<400: self.init(.configuration, "\(server) sends \(message)", hint: "check base_url")
        default: self.init(.invalidRequest, "\(server) refuses the request: \(message)")
        }
    }
}

extension ProviderError {
    /// Waiting does not help against a quota that is used up, as it does against too many requests.
    private static func speaksOfQuota(_ error: VLLMError) -> Bool {
        [error.type, error.code?.string].contains { $0?.contains("quota") ?? false } || error.message.prefix(200).contains("current quota")
    }
}

extension Duration {
    /// The duration as a person writes it: `300 s`, `0.5 s`.
    var inSeconds: String {
        let seconds = self / .seconds(1)
        return "\(Int(exactly: seconds).map { "\($0)" } ?? "\(seconds)") s"
    }
}
