import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing
import VLLMProvider

@Suite("A server that changes while a provider lives", .timeLimit(.minutes(2)))
struct ChangedServerTests {
    /// A server of one model, whose context window and adapters can be changed.
    private final class Server: Sendable {
        let window = Guarded(1000)
        let adapters = Guarded<[String]>([])

        var transport: ScriptedTransport {
            ScriptedTransport(answering: { [self] request throws(TransportError) in
                let window = JSONValue.integer(window.withLock { $0 })
                switch request.path {
                case "/v1/models":
                    let base: JSONValue = ["id": "m", "max_model_len": window]
                    let adapters: [JSONValue] = adapters.withLock { names in names.map { ["id": .string($0), "parent": "m"] } }
                    return .json(["data": .array([base] + adapters)])
                case "/tokenize":
                    let count = (request.body?.count ?? 0) / 4
                    let tokens = [JSONValue](repeating: 1, count: count)
                    return .json(["tokens": .array(tokens), "count": .integer(count), "max_model_len": window])
                case "/detokenize": return .json(["prompt": "assistant\n"])
                case "/v1/completions": return .completion(["4"])
                default: return .chat([["content": "4"]])
                }
            })
        }
    }

    private let long = String(repeating: "word ", count: 4000)

    @Test("a context window that grew with a restart is seen where tokens are counted", arguments: ["chat", "completions"])
    func grown(endpoint: String) async throws {
        let server = Server()
        let settings: JSONObject = ["use_completions": .bool(endpoint == "completions")]
        let provider = try VLLMProvider(settings, transport: server.transport, tellsModels: true)
        let refused = await provider.failure(long)
        #expect(refused?.code == .contextLength)
        #expect(refused?.details["context_window"] == 1000)
        server.window.withLock { $0 = 100_000 }
        #expect(try await provider.ask(long).text == "4")
    }

    @Test("an adapter that is loaded later gets the limits of the model that it stands on")
    func laterAdapter() async throws {
        let server = Server()
        let provider = try VLLMProvider(["use_completions": false], transport: server.transport, tellsModels: true)
        _ = try await provider.ask("Hi")
        server.adapters.withLock { $0 = ["ada"] }
        let response = try await provider.ask("Hi", options: ["model": "ada", "max_tokens": 5000])
        #expect(response.degradation?.requested == "max_tokens: 5000")
    }
}
