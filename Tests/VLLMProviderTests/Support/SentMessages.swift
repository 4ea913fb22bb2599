import HTTPTransport
import JSON
import ProviderKit
import VLLMProvider

/// What a provider would send for the messages of a host.
struct SentMessages {
    var messages: JSONValue
    var endpoint: String
    var degradation: Degradation?

    /// The messages as the chat endpoint would get them, or as `path` would.
    init(_ messages: JSONValue, settings: JSONObject = [:], path: String = "/v1/chat/completions") async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/tokenize": .json(["tokens": [1], "count": 1, "max_model_len": 2048])
            case "/detokenize": .json(["prompt": "assistant\n"])
            default: request.path == "/v1/completions" ? .completion(["4"]) : .chat([["content": "4"]])
            }
        })
        var settings = settings
        if path == "/v1/chat/completions" { settings["use_completions"] = false }
        let response = try await VLLMProvider(settings, transport: transport).complete(ChatRequest(json: ["messages": messages]))
        let body = try transport.bodies(path).first
        self.messages = body?["messages"] ?? body?["prompt"] ?? .null
        endpoint = transport.requests.last?.path ?? ""
        degradation = response.degradation
    }
}

/// The error that the messages of a host end in before anything is sent.
func failure(ofSending messages: JSONValue) async throws -> ProviderError? {
    let transport = ScriptedTransport([])
    let provider = try VLLMProvider(["use_completions": false], transport: transport)
    let request = try ChatRequest(json: ["messages": messages])
    let error = await thrown { () async throws(ProviderError) in _ = try await provider.complete(request) }
    return transport.requests.isEmpty ? error : nil
}
