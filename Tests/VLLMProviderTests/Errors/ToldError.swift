import HTTPTransport
import ProviderKit
import Testing

/// An answer that is an error, and what the provider makes of it: a row of docs/errors.md.
struct ToldError: Sendable, CustomTestStringConvertible {
    /// Who sends it, and when.
    var about: String
    var status: Int
    var headers: HTTPHeaders = [:]
    var body: String
    var code: ProviderError.Code
    var isRetryable: Bool?

    var testDescription: String { "\(status) \(about)" }
}

extension ToldError {
    private static func openAI(_ message: String, type: String = "null", param: String = "null", code: String = "null") -> String {
        #"{"error":{"message":"\#(message)","type":\#(type),"param":\#(param),"code":\#(code)}}"#
    }

    private static func page(_ title: String, _ text: String = "") -> String {
        "<!DOCTYPE html><html><head><title>\(title)</title></head><body><p>\(text)</p></body></html>"
    }

    /// What vLLM and vllm-router send.
    static let ofVLLM = [
        ToldError(about: "vLLM: no key, or a wrong one", status: 401, body: #"{"error":"Unauthorized"}"#, code: .authentication),
        ToldError(
            about: "vLLM: a route that the server was not started with", status: 403,
            body: openAI("Scale-out endpoints are disabled.", type: #""PermissionDeniedError""#, code: "403"), code: .accessDenied),
        ToldError(
            about: "vLLM: an unknown model", status: 404,
            body: openAI("The model `x` does not exist.", type: #""NotFoundError""#, param: #""model""#, code: "404"), code: .notFound),
        ToldError(about: "vLLM: an unknown route", status: 404, body: #"{"detail":"Not Found"}"#, code: .notFound),
        ToldError(
            about: "vLLM: a route that takes another method", status: 405, body: #"{"detail":"Method Not Allowed"}"#, code: .notFound),
        ToldError(
            about: "vLLM: a model that does not do this", status: 501,
            body: openAI("The model does not support Embeddings API", type: #""NotImplementedError""#, code: "501"), code: .notFound),
        ToldError(
            about: "vLLM: prompt or answer too long for the context window", status: 400,
            body: openAI(
                "This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input tokens", code: "400"),
            code: .contextLength),
        ToldError(
            about: "vLLM: a prompt that fills the context window to its last token", status: 400,
            body: openAI(
                "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)", type: #""BadRequestError""#,
                param: #""max_tokens""#, code: "400"), code: .contextLength),
        ToldError(
            about: "vLLM: a bad value", status: 400,
            body: openAI("temperature must be non-negative, got -1.0.", type: #""BadRequestError""#, param: #""temperature""#, code: "400"),
            code: .invalidRequest),
        ToldError(
            about: "vLLM: a member of the wrong type", status: 400,
            body: openAI(#"1 validation error:\n  {'type': 'missing', 'loc': 'body.messages'}"#, type: #""Bad Request""#, code: "400"),
            code: .invalidRequest),
        ToldError(
            about: "vLLM: tools without a tool parser", status: 400,
            body: openAI(#"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"#),
            code: .invalidRequest),
        ToldError(
            about: "vLLM: the queue is full (`--max-num-queued-reqs`)", status: 503,
            body: openAI("The engine is currently busy", type: #""Service Unavailable""#, code: "503"), code: .unavailable),
        ToldError(
            about: "vLLM: the engine died", status: 500,
            body: openAI("EngineCore encountered an issue.", type: #""InternalServerError""#, code: "500"), code: .unavailable),
        ToldError(
            about: "vllm-router: all workers down", status: 503, body: "No available workers (all circuits open or unhealthy)",
            code: .unavailable),
        ToldError(
            about: "vllm-router: a worker down", status: 500, body: "Request failed: error sending request for url (http://w:1/v1)",
            code: .unavailable),
        ToldError(
            about: "vllm-router: a member of the wrong type", status: 422,
            body: #"Failed to deserialize the JSON body into the target type: stop: invalid type: string "context length", expected u32"#,
            code: .invalidRequest),
        ToldError(
            about: "vllm-router: not JSON", status: 415, body: "Expected request with `Content-Type: application/json`",
            code: .invalidRequest),
    ]

    /// What other servers and gateways of this protocol send.
    static let ofOthers = [
        ToldError(
            about: "OpenAI: too long", status: 400,
            body: openAI(
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
                type: #""invalid_request_error""#, param: #""messages""#, code: #""context_length_exceeded""#), code: .contextLength),
        ToldError(
            about: "llama.cpp: too long", status: 400,
            body: openAI(
                "request (9412 tokens) exceeds the available context size (8192 tokens), try increasing it",
                type: #""exceed_context_size_error""#, code: "400"), code: .contextLength),
        ToldError(
            about: "LiteLLM: too long", status: 400,
            body: openAI(
                #"litellm.ContextWindowExceededError: litellm.BadRequestError: OpenAIException - {\"message\": 1}"#, code: #""400""#),
            code: .contextLength),
        ToldError(
            about: "LiteLLM: vLLM's error, quoted", status: 400,
            body: openAI(
                #"litellm.BadRequestError: Hosted_vllmException - {\"error\":{\"message\":\"You passed 147421 input tokens and requested "#
                    + #"1024 output tokens. However, the model's context length is only 131072 tokens, resulting in a maximum input "#
                    + #"length of 130048 tokens. Please reduce the length of the input prompt. (parameter=input_tokens, value=147421)\","#
                    + #"\"type\":\"BadRequestError\",\"param\":\"input_tokens\",\"code\":400}}. Received Model Group=qwen3-32b\n"#
                    + #"Available Model Group Fallbacks=None"#,
                code: #""400""#), code: .contextLength),
        ToldError(
            about: "OpenRouter: its provider's error, quoted (`metadata.raw`)", status: 400,
            body:
                #"{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"This model's maximum "#
                + #"context length is 8192 tokens. However, your messages resulted in 9000 tokens.\",\"code\":400}}","#
                + #""provider_name":"Somebody"}},"user_id":"u"}"#, code: .contextLength),
        ToldError(
            about: "LiteLLM: another error of vLLM, quoted", status: 400,
            body: openAI(
                #"litellm.BadRequestError: Hosted_vllmException - {\"error\":{\"message\":\"truncate_prompt_tokens=5000 cannot be greater "#
                    + #"than max_model_len = 2048\",\"code\":400}}"#, code: #""400""#), code: .invalidRequest),
        ToldError(
            about: "a gateway that tells every error of its server as its own", status: 500,
            body: openAI("failed", code: #""context_length_exceeded""#), code: .contextLength),
        ToldError(
            about: "SGLang: too long", status: 400,
            body:
                #"{"object":"error","message":"The input (2100 tokens) is longer than the model's context length (2048 tokens).","code":400}"#,
            code: .contextLength),
        ToldError(
            about: "Text Generation Inference: too long", status: 422,
            body:
                #"{"error":"Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 2000 `inputs` tokens","error_type":"validation"}"#,
            code: .contextLength),
        ToldError(
            about: "SageMaker: an error of the model's server, in its own", status: 424,
            body:
                #"{"ErrorCode":"CLIENT_ERROR","OriginalStatusCode":400,"OriginalMessage":"{\"error\":{\"message\":\"top_k must be -1\",\"code\":400}}"}"#,
            code: .invalidRequest),
        ToldError(
            about: "Text Generation Inference: generation failed", status: 424,
            body: #"{"error":"Request failed during generation","error_type":"generation"}"#, code: .unavailable),
        ToldError(
            about: "Azure: the content filter", status: 400,
            body: openAI("The response was filtered due to the prompt triggering content management policy.", code: #""content_filter""#),
            code: .contentFilter),
        ToldError(
            about: "LiteLLM: the content policy", status: 400,
            body: openAI("litellm.ContentPolicyViolationError: blocked", code: #""400""#), code: .contentFilter),
        ToldError(
            about: "OpenAI: the quota is used up", status: 429,
            body: openAI("You exceeded your current quota", type: #""insufficient_quota""#, code: #""insufficient_quota""#),
            code: .quotaExceeded),
        ToldError(
            about: "LiteLLM: the budget is used up", status: 400,
            body: openAI("Budget has been exceeded! Current cost: 5.0", type: #""budget_exceeded""#, code: #""400""#), code: .quotaExceeded),
        ToldError(about: "payment required", status: 402, body: openAI("Insufficient credits"), code: .quotaExceeded),
        ToldError(
            about: "too many requests", status: 429, body: openAI("Rate limit reached", code: #""rate_limit_exceeded""#), code: .rateLimit),
        ToldError(
            about: "LiteLLM: too many requests, told with another status", status: 400,
            body: openAI("Max parallel requests reached", type: #""throttling_error""#), code: .rateLimit),
        ToldError(
            about: "LiteLLM: the key may not use the model", status: 401,
            body: openAI("key not allowed to access model", type: #""key_model_access_denied""#, param: #""model""#, code: #""401""#),
            code: .accessDenied),
        ToldError(
            about: "a wrong key, told with another status", status: 400, body: openAI("Bad key", code: #""invalid_api_key""#),
            code: .authentication),
        ToldError(
            about: "Ollama: an unknown model", status: 404, body: openAI(#"model \"x\" not found, try pulling it first"#), code: .notFound),
        ToldError(
            about: "OpenAI: an unknown model, told with another status", status: 400, body: openAI("no", code: #""model_not_found""#),
            code: .notFound),
        ToldError(
            about: "llama.cpp: the model is loading", status: 503, body: openAI("Loading model", type: #""unavailable_error""#),
            code: .unavailable),
        ToldError(
            about: "FastAPI: a member of the wrong type", status: 422, body: #"{"detail":[{"loc":["body","n"],"msg":"bad"}]}"#,
            code: .invalidRequest),
        ToldError(
            about: "a gateway that says not to try again (`x-should-retry`)", status: 503, headers: ["X-Should-Retry": "false"], body: "no",
            code: .unavailable, isRetryable: false),
        ToldError(
            about: "a gateway that says to try again (`x-should-retry`)", status: 400, headers: ["x-should-retry": "true"], body: "again",
            code: .invalidRequest, isRetryable: true),
    ]

    /// What proxies, gateways and web servers send.
    static let ofGateways = [
        ToldError(about: "a redirect", status: 308, headers: ["location": "https://elsewhere/"], body: "", code: .configuration),
        ToldError(about: "a page of a web server", status: 404, body: page("404 Not Found", "nginx"), code: .notFound),
        ToldError(about: "a page of a web server", status: 403, body: page("403 Forbidden", "nginx"), code: .accessDenied),
        ToldError(
            about: "a page of a web server that was asked in plain HTTP", status: 400,
            body: page("400 The plain HTTP request was sent to HTTPS port"), code: .invalidRequest),
        ToldError(about: "a page that asks for a password", status: 401, body: page("401 Authorization Required"), code: .authentication),
        ToldError(
            about: "a proxy that asks for a password", status: 407, body: page("Proxy Authentication Required"), code: .authentication),
        ToldError(about: "refused by law", status: 451, body: "no", code: .accessDenied),
        ToldError(about: "gone", status: 410, body: "no", code: .notFound),
        ToldError(
            about: "a body that is larger than a proxy takes", status: 413, body: page("413 Request Entity Too Large"), code: .contextLength
        ),
        ToldError(about: "no time left to send the request", status: 408, body: "Request Timeout", code: .timeout),
        ToldError(about: "a conflict, as with a server that is just changing its model", status: 409, body: "", code: .unavailable),
        ToldError(about: "locked", status: 423, body: "", code: .unavailable),
        ToldError(about: "too early", status: 425, body: "", code: .unavailable),
        ToldError(about: "nginx: the connection was closed", status: 444, body: "", code: .unavailable),
        ToldError(about: "nginx: the client in front of it left", status: 499, body: "", code: .unavailable),
        ToldError(about: "a proxy whose server is down", status: 502, body: page("502 Bad Gateway"), code: .unavailable),
        ToldError(
            about: "Envoy: the server is down", status: 503, body: "upstream connect error or disconnect/reset before headers",
            code: .unavailable),
        ToldError(about: "Envoy: no server", status: 503, body: "no healthy upstream", code: .unavailable),
        ToldError(about: "a proxy whose server is too slow", status: 504, body: "upstream request timeout", code: .timeout),
        ToldError(
            about: "Cloudflare: an answer that is none", status: 520, body: page("520: Web server is returning an unknown error"),
            code: .unavailable),
        ToldError(about: "Cloudflare: the server is down", status: 521, body: "error code: 521", code: .unavailable),
        ToldError(about: "Cloudflare: no connection in time", status: 522, body: "error code: 522", code: .timeout),
        ToldError(about: "Cloudflare: no route to the server", status: 523, body: "error code: 523", code: .unavailable),
        ToldError(about: "Cloudflare: no answer in time", status: 524, body: "error code: 524", code: .timeout),
        ToldError(about: "Cloudflare: TLS with the server failed", status: 525, body: "error code: 525", code: .unavailable),
        ToldError(about: "Cloudflare: the server's certificate", status: 526, body: "error code: 526", code: .unavailable),
        ToldError(about: "overloaded", status: 529, body: openAI("Overloaded", type: #""overloaded_error""#), code: .unavailable),
        ToldError(about: "Cloudflare: no tunnel", status: 530, body: page("Error 1033"), code: .unavailable),
        ToldError(
            about: "Cloudflare: a challenge for browsers", status: 403, headers: ["cf-mitigated": "challenge"],
            body: page("Just a moment..."),
            code: .unavailable),
        ToldError(
            about: "a challenge for browsers, by its page", status: 403, body: page("Just a moment...", "Enable JavaScript"),
            code: .unavailable),
        ToldError(
            about: "a challenge for browsers, by its page", status: 429, body: page("Site", "Checking your browser before you go on"),
            code: .unavailable),
        ToldError(
            about: "AWS WAF: a challenge for browsers", status: 202, headers: ["x-amzn-waf-action": "challenge"], body: "",
            code: .unavailable),
        ToldError(
            about: "a page while the server starts", status: 404, body: page("Starting", "Waiting for service to respond"),
            code: .unavailable),
        ToldError(about: "a text while the server starts", status: 404, body: "The service is starting", code: .unavailable),
        ToldError(about: "a page while the server starts", status: 425, body: page("Warming up"), code: .unavailable),
        ToldError(
            about: "ngrok: the tunnel is down", status: 404, headers: ["ngrok-error-code": "ERR_NGROK_3200"],
            body: page("ngrok - endpoint offline"),
            code: .unavailable),
    ]
}
