import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Finding out about the server", .timeLimit(.minutes(2)))
struct PreparationTests {
    private func provider(_ transport: ScriptedTransport, _ settings: JSONObject = ["use_completions": false]) throws -> VLLMProvider {
        try VLLMProvider(settings, transport: transport, tellsModels: true)
    }

    @Test("a host that never prepares is prepared by its first call; later calls ask no more")
    func firstCall() async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": 4096]])
        let provider = try provider(transport)
        for _ in 0..<2 { _ = try await provider.ask("Hi") }
        #expect(transport.paths == ["/v1/models", "/v1/chat/completions", "/v1/chat/completions"])
        #expect(provider.modelInfo?.contextWindow == 4096)
    }

    @Test("a prepared provider asks for the models no more")
    func prepared() async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": 4096]])
        let provider = try provider(transport, ["use_completions": false, "default_model": .null])
        await provider.prepare()
        _ = try await provider.ask("Hi")
        #expect(transport.paths == ["/v1/models", "/v1/chat/completions"])
        #expect(try transport.bodies("/v1/chat/completions").first?["model"] == "m")
    }

    @Test("preparation and calls at the same time share one request")
    func together() async throws {
        let gate = SimulatorGate()
        var options = VLLMSimulator.Options()
        options.respond = { request in
            guard request.path == "/v1/models" else { return nil }
            return SimulatedResponse(
                parts: [.gate(gate), .bytes(Array(#"{"data": [{"id": "tiny-chat", "max_model_len": 2048}]}"#.utf8))])
        }
        let simulator = try VLLMSimulator(options: options)
        let provider = try VLLMProvider(["use_completions": false, "temperature": 0], of: simulator)
        async let preparation: Void = provider.prepare()
        async let first = provider.ask("What is 2+2?")
        async let second = provider.ask("What is 2+2?")
        while simulator.requests.isEmpty { await Task.yield() }
        gate.open()
        await preparation
        #expect(try await [first, second].map(\.text) == ["4", "4"])
        #expect(simulator.requests.count { $0.path == "/v1/models" } == 1)
        #expect(provider.modelInfo?.contextWindow == 2048)
    }

    @Test("a server that does not tell its models is asked again by prepare, not by every call; the calls succeed")
    func failure() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/v1/models" ? .json(["detail": "Not Found"], status: 404) : .chat([["content": "4"]])
        })
        let provider = try provider(transport)
        for _ in 0..<3 { #expect(try await provider.ask("Hi").text == "4") }
        #expect(transport.paths.count { $0 == "/v1/models" } == 1)
        #expect(provider.modelInfo == nil)
        await provider.prepare()
        #expect(transport.paths.count { $0 == "/v1/models" } == 2)
    }

    @Test("a cancelled preparation ends its request, and a call in the meantime is not cancelled with it")
    func cancellation() async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .hanging })
        let provider = try provider(transport)
        let preparation = Task { await provider.prepare() }
        let call = Task { () async -> ProviderError? in
            await provider.failure(options: ["timeout": 0.2])
        }
        while transport.requests.isEmpty { await Task.yield() }
        preparation.cancel()
        await preparation.value
        #expect(await call.value?.code == .timeout)
        while transport.abandonedCount == 0 { await Task.yield() }
    }

    @Test("a server that never tells its models takes a call no more time than the call has")
    func hanging() async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .hanging })
        let provider = try VLLMProvider(["default_model": .null], transport: transport, tellsModels: true)
        let error = await provider.failure(options: ["timeout": 0.1])
        #expect(error?.code == .timeout)
        #expect(error?.message == "http://server:8000 did not answer completely within 0.1 s (timeout)")
    }
}
