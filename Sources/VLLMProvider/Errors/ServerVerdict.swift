import JSON
import ProviderKit
import VLLMClient

/// What an error that a server told means for whoever called.
struct ServerVerdict {
    var code: ProviderError.Code
    /// What happened, in front of the server's own words; `nil` where these say it all.
    var what: String?
    var hint: String?

    private init(_ code: ProviderError.Code, _ what: String? = nil, hint: String? = nil) {
        (self.code, self.what, self.hint) = (code, what, hint)
    }

    /// The verdict on an answer.
    /// - Parameter server: who answered, for people.
    init(_ error: VLLMError, from server: String) {
        if let page = GatewayPage(error) {
            self.init(page, server)
        } else if let meaning = ErrorMeaning(error) {
            self.init(meaning, server)
        } else {
            self.init(status: error.effectiveStatus ?? 500, error, server)
        }
        if hint == nil, error.form?.page != nil { hint = "a page of HTML is no answer of vLLM: check base_url" }
    }

    init(_ page: GatewayPage, _ server: String) {
        switch page {
        case .challenge:
            self.init(
                .unavailable, "a gateway in front of \(server) asks for what only a browser can do",
                hint: "let the gateway pass this client: a rule for its address, or headers that it accepts")
        case .warmUp: self.init(.unavailable, "\(server) is not ready yet", hint: "try again later")
        case .offline: self.init(.unavailable, "the tunnel to \(server) is down", hint: "start it, or check base_url")
        }
    }

    private init(_ meaning: ErrorMeaning, _ server: String) {
        switch meaning {
        case .contextLength: self.init(.contextLength, hint: "shorten the conversation or lower max_tokens")
        case .fullContext:
            self.init(.contextLength, "the prompt leaves no room for an answer", hint: "shorten the conversation")
        case .contentFilter: self.init(.contentFilter, "\(server) refuses the content", hint: "rephrase what is asked")
        case .quotaExceeded:
            self.init(.quotaExceeded, "\(server) says that the quota is used up", hint: "check the account at the server")
        case .rateLimit: self.init(.rateLimit, "\(server) has too many requests", hint: "try again later")
        case .modelNotFound: self.init(.notFound, hint: "set default_model or --model; `vllm-host models` lists what is served")
        case .invalidKey: self.init(.authentication, "\(server) does not accept the API key", hint: "set api_key or VLLM_API_KEY")
        case .modelDenied:
            self.init(.accessDenied, "\(server) does not allow this model", hint: "set default_model or --model, or take another API key")
        }
    }

    private init(status: Int, _ error: VLLMError, _ server: String) {
        let gaveUp = "\(server) gave up (status \(status))"
        switch status {
        case 300..<400: self.init(.configuration, "the server is not at \(server)", hint: "check base_url")
        case 401: self.init(.authentication, "\(server) does not accept the API key", hint: "set api_key or VLLM_API_KEY")
        case 402: self.init(.quotaExceeded, "\(server) asks for payment", hint: "check the account at the server")
        case 403, 451: self.init(.accessDenied, "\(server) does not allow this")
        case 404, 405, 410, 501:
            self.init(
                .notFound, "\(server) has no such route", hint: "check that base_url leads to a vLLM server whose model generates text")
        case 407:
            self.init(
                .authentication, "the proxy before \(server) asks for credentials", hint: "check proxy, or HTTP_PROXY and HTTPS_PROXY")
        case 408: self.init(.timeout, gaveUp)
        case 413:
            self.init(
                .contextLength, "\(server), or a proxy before it, takes no request of this size",
                hint: "shorten the conversation or send smaller media, or raise the proxy's limit")
        case 429: self.init(.rateLimit, "\(server) has too many requests", hint: "try again later")
        case 400 where error.message.prefix(ServerWords.limit).contains("--tool-call-parser"):
            self.init(.invalidRequest, hint: "start the server with --enable-auto-tool-choice --tool-call-parser, or use completions")
        // A conflict, locked, too early; and what nginx notes of clients that left, where one behind another did.
        case 409, 423, 425, 444, 499: self.init(.unavailable, "\(server) cannot answer now (status \(status))", hint: "try again later")
        // Where a gateway's server fails: Text Generation Inference, SageMaker.
        case 424: self.init(.unavailable, "\(server) failed (status \(status))", hint: "look into the server's log")
        case 502, 503, 529: self.init(.unavailable, "\(server) cannot answer now", hint: "try again later")
        // 522 and 524 are Cloudflare's, 598 and 599 those of other proxies.
        case 504, 522, 524, 598, 599:
            self.init(.timeout, gaveUp, hint: "a proxy before the server waits no longer: stream the answer, or raise the proxy's limit")
        case 500...: self.init(.unavailable, "\(server) failed (status \(status))", hint: "look into the server's log")
        default: self.init(.invalidRequest, "\(server) refuses the request")
        }
    }
}
