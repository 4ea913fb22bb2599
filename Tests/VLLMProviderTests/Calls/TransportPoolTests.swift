import Configuration
import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMSimulator

@testable import VLLMProvider

@Suite("Transports that providers share", .timeLimit(.minutes(2)))
struct TransportPoolTests {
    private let pool = TransportPool()

    @Test("providers with equal settings share a transport, and others have another one")
    func sharing() {
        let (first, second) = (pool.share(.init()), pool.share(.init()))
        #expect(first.transport === second.transport)
        let other = pool.share(.init(proxy: "http://proxy:3128"))
        #expect(other.transport !== first.transport)
    }

    @Test("a transport is closed with its last share, and the next share is of a new one")
    func end() async {
        let nobody = ClosedPort()
        let (first, second) = (pool.share(.init()), pool.share(.init()))
        let transport = first.transport
        first.close()
        first.close()
        #expect(await failure(of: transport, at: nobody) == .connectionFailed)
        second.close()
        #expect(await failure(of: transport, at: nobody) == .closed)
        let third = pool.share(.init())
        #expect(third.transport !== transport)
        #expect(await failure(of: third.transport, at: nobody) == .connectionFailed)
    }

    @Test("a share that is dropped is given back, and a transport without shares goes when nobody uses it")
    func drop() {
        weak var transport: CurlTransport?
        do {
            let first = pool.share(.init())
            transport = first.transport
            _ = pool.share(.init())
            #expect(pool.share(.init()).transport === transport)
        }
        #expect(transport == nil)
    }

    @Test("a provider that is closed ends its own calls, and leaves those of the others alone")
    func closing() async throws {
        let simulator = try VLLMSimulator(options: .init(respond: { $0.path == "/tokenize" ? SimulatedResponse(parts: [.hang]) : nil }))
        defer { simulator.stop() }
        let waiting = try provider(["use_completions": true], of: simulator)
        let other = try provider(["use_completions": false], of: simulator)
        let call = Task { await waiting.failure() }
        #expect(try await other.ask("What is 2+2?").text.contains("4"))
        await waiting.close()
        #expect(await call.value?.code == .cancelled)
        #expect(try await other.ask("What is 2+2?").text.contains("4"))
        await other.close()
        #expect(await other.failure()?.code == .cancelled)
    }

    @Test("an answer is read to its end although nobody holds its provider any more, and the one that shares its transport is closed")
    func dropped() async throws {
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        let other = try provider([:], of: simulator)
        let stream = try provider([:], of: simulator).stream(ChatRequest(messages: [.user("What is 2+2?")]))
        await other.close()
        #expect(try await stream.gather().text == "4")
    }

    private func provider(_ settings: JSONObject, of simulator: VLLMSimulator) throws -> VLLMProvider {
        var configuration: JSONObject = ["base_url": .string(simulator.baseURL), "max_retries": 0]
        configuration.merge(settings)
        return try VLLMProvider(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default), transports: pool, context: ProviderContext())
    }

    private func failure(of transport: CurlTransport, at nobody: ClosedPort) async -> TransportError.Code? {
        do {
            _ = try await transport.send(HTTPRequest(url: nobody.baseURL))
            return nil
        } catch { return error.code }
    }
}
