import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("The model of a call", .timeLimit(.minutes(2)))
struct ModelChoiceTests {
    private typealias Answer = ScriptedTransport.Answer

    /// A server of these models that answers a chat.
    private func server(_ models: [JSONValue]) -> ScriptedTransport {
        ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/v1/models" ? .json(["data": .array(models)]) : .chat([["content": "4"]])
        })
    }

    private func provider(_ transport: ScriptedTransport) throws -> VLLMProvider {
        try VLLMProvider(["use_completions": false, "default_model": .null], transport: transport)
    }

    private func asked(_ models: [JSONValue]) async throws -> JSONValue? {
        let transport = server(models)
        _ = try await provider(transport).ask("Hi")
        return try transport.bodies("/v1/chat/completions").first?["model"]
    }

    @Test("without default_model, the server's only model is asked, and /v1/models only once")
    func onlyModel() async throws {
        let transport = server([["id": "only"]])
        let provider = try provider(transport)
        for _ in 0..<2 { _ = try await provider.ask("Hi") }
        #expect(transport.requests.map(\.path) == ["/v1/models", "/v1/chat/completions", "/v1/chat/completions"])
        #expect(try transport.bodies("/v1/chat/completions").map { $0["model"] } == ["only", "only"])
    }

    @Test("LoRA adapters and further names of the same model are no choice to make")
    func oneBase() async throws {
        #expect(try await asked([["id": "adapter", "root": "/a", "parent": "base"], ["id": "base", "root": "/b"]]) == "base")
        #expect(try await asked([["id": "name", "root": "/b"], ["id": "alias", "root": "/b"]]) == "name")
    }

    @Test("of several models one must be chosen; the error lists them")
    func several() async throws {
        let error = await (try provider(server([["id": "a", "root": "/a"], ["id": "b", "root": "/b"], ["id": "c"]]))).failure()
        #expect(error?.code == .configuration)
        #expect(error?.message == "the server at http://server:8000 serves several models: a, b, c")
        #expect(error?.hint == "choose one with default_model or --model")
        #expect(error?.isRetryable == false)
    }

    @Test("a server without a model is an error, and is asked again the next time")
    func none() async throws {
        let transport = server([])
        let provider = try provider(transport)
        for _ in 0..<2 { #expect(await provider.failure()?.message == "the server at http://server:8000 serves no model") }
        #expect(transport.requests.map(\.path) == ["/v1/models", "/v1/models"])
    }

    @Test("a server that cannot be asked for its models fails the call as it would fail any, with both events")
    func unreachable() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.failing(TransportError(.connectionFailed, "refused"))])
        let provider = try VLLMProvider(["default_model": .null], transport: transport, events: events)
        #expect(await provider.failure()?.code == .network)
        #expect(events.all.map(\.name) == ["llm:request", "llm:response"])
    }

    @Test("when the model is gone, the next call looks again")
    func gone() async throws {
        let transport = ScriptedTransport([
            .json(["data": [["id": "old"]]]), .json(["error": ["message": "The model `old` does not exist.", "code": 404]], status: 404),
            .json(["data": [["id": "new"]]]), .chat([["content": "4"]]),
        ])
        let provider = try provider(transport)
        #expect(await provider.failure()?.code == .notFound)
        #expect(try await provider.ask("Hi").text == "4")
        #expect(try transport.bodies("/v1/chat/completions").map { $0["model"] } == ["old", "new"])
    }
}
