import HTTPTransport
import ProviderKit
import VLLMClient

extension ProviderError {
    /// The provider's error for a failed call of the client, in a user's words.
    init(_ error: VLLMError, settings: VLLMSettings, model: String?) {
        switch error.kind {
        case .transport(let transport): self.init(transport, settings: settings)
        case .status, .errorInBody: self.init(status: error.effectiveStatus ?? 500, error, settings: settings)
        case .malformedResponse:
            self.init(.stream, error.message, hint: "is \(settings.baseURL) a vLLM server?", isRetryable: false)
        case .streamEndedEarly: self.init(.stream, error.message)
        case .invalidRequest: self.init(.invalidRequest, error.message)
        }
        self.model = model
        provider = settings.providerName
        status = error.status
        requestID = error.requestID
        body = error.body
        cause = error
    }

    private init(_ error: TransportError, settings: VLLMSettings) {
        let server = "\(settings.baseURL)"
        switch error.code {
        case .cancelled, .closed: self.init(.cancelled, "the call was cancelled")
        case .timeout:
            self.init(.timeout, "no complete answer from \(server) within \(settings.timeout.inSeconds) (timeout)", hint: "raise timeout")
        case .connectTimeout:
            self.init(
                .timeout, "no connection to \(server) within \(settings.connectTimeout.inSeconds) (connect_timeout)",
                hint: "check base_url and the network")
        case .invalidURL: self.init(.configuration, error.message, hint: "check base_url")
        case .tls: self.init(.network, error.message, hint: "for a certificate of your own, set ca_file", isRetryable: false)
        case .hostNotFound: self.init(.network, error.message, hint: "check base_url")
        case .connectionFailed:
            self.init(.network, error.message, hint: "is a vLLM server running at \(server)? set base_url or VLLM_BASE_URL to where it is")
        default: self.init(.network, error.message)
        }
    }

    private init(status: Int, _ error: VLLMError, settings: VLLMSettings) {
        let message = error.message
        switch status {
        case 401:
            self.init(
                .authentication, "\(settings.baseURL) does not accept the API key: \(message)", hint: "set api_key or VLLM_API_KEY")
        case 403: self.init(.accessDenied, message)
        case 404 where error.param == "model" || message.contains("model"):
            self.init(.notFound, message, hint: "set default_model or --model; `vllm-host models` lists what is served")
        case 404:
            self.init(.notFound, "\(settings.baseURL) has no such route: \(message)", hint: "check base_url")
        case 429: self.init(.rateLimit, message)
        case 400 where Self.speaksOfContext(message), 413: self.init(.contextLength, message)
        case 400 where message.contains("content filter") || message.contains("safety"): self.init(.contentFilter, message)
        case 400 where message.contains("--enable-auto-tool-choice"):
            self.init(.invalidRequest, message, hint: "start the server with --enable-auto-tool-choice --tool-call-parser")
        case 408, 504: self.init(.timeout, message)
        case 500...: self.init(.unavailable, message)
        case 300..<400:
            self.init(
                .invalidRequest, "\(settings.baseURL) redirects elsewhere (status \(status))", hint: "set base_url to the final address")
        default: self.init(.invalidRequest, message)
        }
        retryAfter = error.retryAfter.flatMap(Double.init).map { .seconds($0) }
    }

    private static func speaksOfContext(_ message: String) -> Bool {
        let message = message.lowercased()
        return ["context length", "too many tokens", "maximum context", "max_model_len"].contains { message.contains($0) }
    }
}

extension Duration {
    /// The duration as a person writes it: `300 s`, `0.5 s`.
    var inSeconds: String {
        let seconds = self / .seconds(1)
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(seconds) s"
    }
}
