import HTTPTransport
import JSON
import ProviderKit
import VLLMClient

extension ProviderError {
    /// The provider's error for a failed call of the client, in a user's words. docs/errors.md lists what becomes what.
    /// - Parameter limits: the time that the call had.
    init(_ error: VLLMError, settings: VLLMSettings, limits: TimeLimits) {
        let server = "\(settings.baseURL)"
        switch error.kind {
        case .transport(let transport): self.init(transport, settings: settings, limits: limits)
        case .status, .errorInBody: self.init(ServerVerdict(error, from: server), error)
        case .malformedResponse, .streamEndedEarly:
            if let page = GatewayPage(error) {
                self.init(ServerVerdict(page, server), error)
            } else if error.kind == .streamEndedEarly {
                self.init(.stream, error.message, hint: "try again; if it happens again, look into the server's log")
            } else {
                self.init(
                    .stream, "the answer of \(server) cannot be read: \(error.message)",
                    hint: "check that base_url leads to a vLLM server", isRetryable: false)
            }
        case .invalidRequest: self.init(.invalidRequest, error.message)
        }
        if code == .authentication, error.status == 401, let source = settings.apiKey.source { hint = "check \(source.setting)" }
        provider = settings.providerName
        status = error.status
        requestID = error.requestID
        body = error.body
        retryAfter = RetryAfter.delay(error)
        cause = error
    }

    private init(_ verdict: ServerVerdict, _ error: VLLMError) {
        var details = verdict.code == .contextLength ? ContextLengthMessage.numbers(error.quotedMessage ?? error.message) : [:]
        var told: JSONObject = [:]
        told["type"] = error.type.map { .string($0) }
        told["param"] = error.param.map { .string($0) }
        told["code"] = error.code
        if !told.isEmpty { details["server_error"] = .object(told) }
        self.init(
            verdict.code, verdict.what.map { "\($0): \(error.message)" } ?? error.message, hint: verdict.hint,
            isRetryable: error.kind == .status ? error.shouldRetry : nil, details: details)
    }

    private init(_ error: TransportError, settings: VLLMSettings, limits: TimeLimits) {
        let server = "\(settings.baseURL)"
        let proxyHint = "check proxy, or HTTP_PROXY and HTTPS_PROXY"
        if let timeout = ProviderError(timeout: error, server: server, limits: limits) {
            self = timeout
            return
        }
        if let tooLarge = ProviderError(tooLarge: error, sizes: settings.sizes) {
            self = tooLarge
            return
        }
        switch error.code {
        case .cancelled: self.init(.cancelled, "the call was cancelled")
        case .closed: self.init(.cancelled, "the provider was closed")
        case .invalidURL: self.init(.configuration, error.message, hint: "check base_url")
        case .invalidRequest: self.init(.configuration, error.message, hint: "check headers")
        case .noCredentials: self.init(.configuration, error.message, hint: settings.apiKey.source.map { "check \($0.setting)" })
        case .tls:
            self.init(.network, error.message, hint: "set ca_file for a certificate of your own authority", isRetryable: false)
        case .hostNotFound: self.init(.network, error.message, hint: "check the host's name in base_url")
        case .proxy: self.init(.network, error.message, hint: proxyHint)
        // The codes that the same answers have where they come in place of the server's.
        case .proxyAuthentication: self.init(.authentication, error.message, hint: proxyHint)
        case .proxyRefused: self.init(.accessDenied, error.message, hint: proxyHint)
        case .connectionFailed:
            self.init(.network, error.message, hint: "start a vLLM server at \(server), or set base_url or VLLM_BASE_URL to where one is")
        case .protocolViolation:
            self.init(.network, error.message, hint: "check that base_url leads to a vLLM server", isRetryable: false)
        default: self.init(.network, error.message)
        }
    }
}

extension VLLMError {
    /// What a gateway says of trying again, in the header field that the clients of OpenAI and Anthropic obey.
    fileprivate var shouldRetry: Bool? { headers["x-should-retry"].flatMap { Bool($0) } }
}

extension Duration {
    /// The duration as a person writes it, to the millisecond: `300 s`, `0.5 s`.
    var inSeconds: String {
        let seconds = (self / .milliseconds(1)).rounded() / 1000
        return "\(Int(exactly: seconds).map { "\($0)" } ?? "\(seconds)") s"
    }
}
