import HTTPTransport
import JSON

extension VLLMClient {
    /// `GET /v1/models`: the names that the server answers to.
    /// - Throws: `VLLMError`.
    public func models() async throws(VLLMError) -> ModelList {
        try await response(to: httpRequest(path: "/v1/models"))
    }

    /// `GET /health`: returns when the server says that it is well. A paused engine says so too (vLLM 0.32), a dead one does not.
    /// - Throws: `VLLMError`.
    public func health() async throws(VLLMError) {
        let request = try httpRequest(path: "/health")
        _ = try await body(of: successful(request), to: request)
    }

    /// `GET /version`: the server's version, such as `0.32.0`.
    /// - Throws: `VLLMError`.
    public func version() async throws(VLLMError) -> String {
        let version: ServerVersion = try await response(to: httpRequest(path: "/version"))
        return version.version
    }

    /// `POST /v1/chat/completions`, the answer in one piece.
    /// - Throws: `VLLMError`.
    public func chatCompletion(_ request: ChatCompletionRequest) async throws(VLLMError) -> ChatCompletion {
        try await response(to: httpRequest(path: ChatCompletionRequest.path, json: request.json()))
    }

    /// `POST /v1/chat/completions`, the answer as it is made. Returns when the server has begun to answer.
    /// - Parameter keepsRaw: keeps each event as it came in `ChatCompletionChunk.raw`.
    /// - Throws: `VLLMError`; what goes wrong later is thrown by the stream.
    public func streamChatCompletion(
        _ request: ChatCompletionRequest, keepsRaw: Bool = false
    ) async throws(VLLMError) -> ChatCompletionStream {
        try await stream(
            httpRequest(path: ChatCompletionRequest.path, json: request.json(streaming: true), streaming: true), keepsRaw: keepsRaw)
    }

    /// `POST /v1/completions`, the answer in one piece.
    /// - Throws: `VLLMError`.
    public func completion(_ request: CompletionRequest) async throws(VLLMError) -> Completion {
        try await response(to: httpRequest(path: CompletionRequest.path, json: request.json()))
    }

    /// `POST /v1/completions`, the answer as it is made. Returns when the server has begun to answer.
    /// - Parameter keepsRaw: keeps each event as it came in `CompletionChunk.raw`.
    /// - Throws: `VLLMError`; what goes wrong later is thrown by the stream.
    public func streamCompletion(_ request: CompletionRequest, keepsRaw: Bool = false) async throws(VLLMError) -> CompletionStream {
        try await stream(
            httpRequest(path: CompletionRequest.path, json: request.json(streaming: true), streaming: true), keepsRaw: keepsRaw)
    }

    /// `POST /tokenize`: the token ids of a text, or of a conversation as the model's chat template renders it.
    /// - Throws: `VLLMError`.
    public func tokenize(_ request: TokenizeRequest) async throws(VLLMError) -> Tokenization {
        try await response(to: httpRequest(path: TokenizeRequest.path, json: request.json))
    }

    /// `POST /detokenize`: the text of token ids; ids beyond the vocabulary give no text (vLLM 0.32).
    /// - Throws: `VLLMError`.
    public func detokenize(_ tokens: [Int], model: String? = nil) async throws(VLLMError) -> String {
        var body = RequestBody()
        body.set("model", model)
        body.set("tokens", tokens)
        let answer: Detokenization = try await response(to: httpRequest(path: "/detokenize", json: body.object))
        return answer.prompt
    }
}

/// What `/version` says.
private struct ServerVersion: DecodableResponse {
    var version: String

    init(_ node: JSONView, answer: AnswerText) throws(MalformedField) {
        guard let version = try node.string("version") else { throw MalformedField(missing: "version") }
        self.version = version
    }
}

/// What `/detokenize` says.
private struct Detokenization: DecodableResponse {
    var prompt: String

    init(_ node: JSONView, answer: AnswerText) throws(MalformedField) {
        guard let prompt = try node.string("prompt") else { throw MalformedField(missing: "prompt") }
        self.prompt = prompt
    }
}
