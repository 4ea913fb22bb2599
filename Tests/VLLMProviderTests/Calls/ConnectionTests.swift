import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Servers that cannot be reached, are silent, or are left", .timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test("nobody listens: the address, and what to do")
    func refused() async throws {
        let nobody = ClosedPort()
        let provider = try VLLMProvider(["use_completions": false, "default_model": "m"], at: nobody.baseURL)
        let error = try #require(await provider.failure())
        #expect(error.code == .network)
        #expect(error.isRetryable)
        #expect(error.message.contains("127.0.0.1"))
        #expect(
            error.hint == "start a vLLM server at \(nobody.baseURL), or set base_url or VLLM_BASE_URL to where one is")
    }

    @Test(
        "a server that is silent runs into the call's time limit, whichever of its requests it is",
        arguments: ["/tokenize", "/v1/completions"])
    func timeout(path: String) async throws {
        let silence = SimulatedResponse(parts: [.hang])
        let simulator = try VLLMSimulator(options: .init(respond: { $0.path == path ? silence : nil }))
        defer { simulator.stop() }
        let provider = try VLLMProvider(["timeout": "20ms"], of: simulator)
        let error = try #require(await provider.failure())
        #expect(error.code == .timeout)
        #expect(error.isRetryable)
        #expect(error.message == "\(simulator.baseURL) did not answer completely within 0.02 s (timeout)")
        let shorter = try #require(await provider.failure(options: ["timeout": 0.01]))
        #expect(shorter.message == "\(simulator.baseURL) did not answer completely within 0.01 s (timeout)")
    }

    @Test("a stream that runs into the time limit keeps what came")
    func slowStream() async throws {
        let limit = ScriptedExchange.Step.fail(TransportError(.timeout, "too slow"))
        let transport = ScriptedTransport([.events([chatChunk(["content": "Hal"])], ending: [limit])])
        let error = try #require(await VLLMProvider(["use_completions": false, "timeout": "5m"], transport: transport).failure())
        #expect(error.message == "http://server:8000 did not answer completely within 300 s (timeout)")
        #expect(error.partialResponse?.text == "Hal")
    }

    /// Tells the ends of requests as they come.
    private func simulator(ending: SimulatedResponse) throws -> (VLLMSimulator, AsyncStream<Bool>) {
        let (ends, continuation) = AsyncStream.makeStream(of: Bool.self)
        var options = VLLMSimulator.Options(respond: { $0.path == "/v1/chat/completions" ? ending : nil })
        options.observe = { event in
            if case .finished(let request, let isComplete) = event, request.path == "/v1/chat/completions" {
                continuation.yield(isComplete)
            }
        }
        return (try VLLMSimulator(options: options), ends)
    }

    @Test("dropping the iterator closes the connection: the server stops generating", .timeLimit(.minutes(1)))
    func dropped() async throws {
        let (simulator, ends) = try simulator(ending: .events([chatChunk(["content": "Hal"])], ending: [.hang]))
        defer { simulator.stop() }
        let events = EventCollector()
        let provider = try VLLMProvider(["use_completions": false], of: simulator, events: events)
        for try await event in provider.stream(ChatRequest(messages: [.user("Hi")])) {
            if case .blockDelta = event { break }
        }
        #expect(events.named("llm:response").first?["status"] == "cancelled")
        for await isComplete in ends {
            #expect(!isComplete)
            break
        }
    }

    @Test("a task that is cancelled while it waits gets the code cancelled and keeps what came", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let (simulator, ends) = try simulator(ending: .events([chatChunk(["content": "Hal"])], ending: [.hang]))
        defer { simulator.stop() }
        let events = EventCollector()
        let provider = try VLLMProvider(["use_completions": false], of: simulator, events: events)
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            await thrown { () throws(ProviderError) in
                var iterator = provider.stream(ChatRequest(messages: [.user("Hi")])).makeAsyncIterator()
                while let event = try await iterator.next() {
                    if case .blockDelta = event { continuation.yield() }
                }
            }
        }
        for await _ in started { break }
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.partialResponse?.text == "Hal")
        #expect(events.named("llm:stream_aborted").count == 1)
        #expect(events.named("llm:response").map { $0["status"] } == ["cancelled"])
        for await isComplete in ends {
            #expect(!isComplete)
            break
        }
    }

    @Test("closing the provider ends what is in flight", .timeLimit(.minutes(1)))
    func closed() async throws {
        let (simulator, _) = try simulator(ending: .events([chatChunk(["content": "Hal"])], ending: [.hang]))
        defer { simulator.stop() }
        let provider = try VLLMProvider(["use_completions": false], of: simulator)
        var iterator = provider.stream(ChatRequest(messages: [.user("Hi")])).makeAsyncIterator()
        _ = try await iterator.next()
        await provider.close()
        await provider.close()
        let error = await thrown { () throws(ProviderError) in while try await iterator.next() != nil {} }
        #expect(error?.code == .cancelled)
        #expect(error?.message == "the provider was closed")
    }

    @Test("an answer that two tasks read at once is an error for the second; the first reads on", .timeLimit(.minutes(1)))
    func twoReaders() async throws {
        let gate = SimulatorGate()
        let (started, continuation) = AsyncStream.makeStream(of: Void.self)
        var options = VLLMSimulator.Options(respond: { request in
            guard request.path == "/v1/chat/completions" else { return nil }
            continuation.yield()
            var response = SimulatedResponse.events([chatChunk(["content": "4"]), chatChunk([:], finishReason: "stop"), "[DONE]"])
            response.before = [.gate(gate)]
            return response
        })
        options.models = ["m"]
        let simulator = try VLLMSimulator(options: options)
        defer { simulator.stop() }
        let provider = try VLLMProvider(["use_completions": false], of: simulator)
        let stream = provider.stream(ChatRequest(messages: [.user("Hi")]))
        let first = Task { try await stream.gather() }
        for await _ in started { break }
        let error = await thrown { () throws(ProviderError) in _ = try await stream.gather() }
        #expect(error?.message == "an answer is read by two tasks at once")
        gate.open()
        #expect(try await first.value.text == "4")
    }
}
