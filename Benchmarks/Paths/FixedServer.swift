import Configuration
import HTTPTransport
import JSON
import ProviderKit
import VLLMClient
import VLLMProvider

/// A server that gives one answer to all conversations.
struct FixedServer: Transport {
    private let answer: ScriptedExchange

    /// A server that answers with `answer`.
    init(_ answer: ScriptedExchange) {
        self.answer = answer
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        // Each with a script of its own: a script keeps what it was asked.
        try await ScriptedTransport([exchange(for: request.url)]).send(request)
    }

    private func exchange(for url: String) -> ScriptedExchange {
        if url.hasSuffix("/completions") || url.hasSuffix("/embeddings") { return answer }
        return url.hasSuffix("/models") ? Self.models : ScriptedExchange(status: 404, body: #"{"detail":"Not Found"}"#)
    }

    /// A client of it.
    func client() throws -> VLLMClient { VLLMClient(baseURL: try BaseURL("http://server:8000"), transport: self) }

    /// A provider of it.
    func provider(_ more: JSONObject = [:], context: ProviderContext = ProviderContext()) throws -> VLLMProvider {
        try VLLMProvider(
            configuration: ConfigurationNode(json: .object(Self.configuration(more)), origin: .default), transport: self,
            context: context)
    }

    /// The provider's settings.
    static func configuration(_ more: JSONObject = [:]) -> JSONObject {
        var settings: JSONObject = [
            "base_url": "http://server:8000", "use_completions": false, "default_model": "m",
            "max_output_tokens": 9_000_000,
        ]
        settings.merge(more)
        return settings
    }

    /// An answer in one piece.
    static let wholeAnswer = ScriptedExchange(
        headers: ["Content-Type": "application/json"],
        body: """
            {"id":"chatcmpl-8ac85db92840729c","object":"chat.completion","created":1795249210,"model":"m","choices":[{"index":0,"message":\
            {"role":"assistant","content":"inte sendarymatlf Chat","refusal":null,"annotations":null,"audio":null,"function_call":null,\
            "reasoning":null},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null,"routed_experts":null}],\
            "service_tier":null,"system_fingerprint":"vllm-0.32.0-297ee2ef","usage":{"prompt_tokens":10,"total_tokens":16,\
            "completion_tokens":6,"prompt_tokens_details":null,"completion_tokens_details":{"reasoning_tokens":0}},"prompt_logprobs":null,\
            "prompt_token_ids":null,"prompt_text":null,"kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}
            """)

    private static let models = ScriptedExchange(
        headers: ["Content-Type": "application/json"],
        body: """
            {"object":"list","data":[{"id":"m","object":"model","created":1795249210,"owned_by":"vllm","root":"m","parent":null,\
            "max_model_len":10000000,"permission":[]}]}
            """)
}
