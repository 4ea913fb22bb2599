import Configuration
import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("The thread on which the provider's answers arrive")
struct ArrivalThreadTests {
    private let request = ChatRequest(messages: [.user("Hi")])

    private func provider(_ transport: (any Transport)?) throws -> VLLMProvider {
        let configuration = ConfigurationNode(json: ["base_url": "http://127.0.0.1:9"], origin: .default)
        return try VLLMProvider(configuration: configuration, transport: transport, context: ProviderContext())
    }

    @Test("is that of its connections, be they its own or given to it")
    func connections() async throws {
        let transport = CurlTransport()
        #expect(try provider(transport).stream(request).executor === transport.executor)
        let own = try provider(nil)
        let executor = try #require(own.stream(request).executor)
        #expect(executor !== transport.executor)
        await own.close()
    }

    @Test("is none where the transport has none")
    func script() throws {
        #expect(try provider(ScriptedTransport([])).stream(request).executor == nil)
    }
}
