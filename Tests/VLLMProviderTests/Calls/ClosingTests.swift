import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

/// How a call is left.
private enum Leaving: CaseIterable {
    /// The task that reads is cancelled.
    case cancel
    /// The provider is closed.
    case close

    var message: String { self == .close ? "the provider was closed" : "the call was cancelled" }
}

/// How a call is left, and whose transport it goes over.
private struct Way: Sendable {
    var leaving: Leaving
    var ownership: Ownership

    static let all = Leaving.allCases.flatMap { leaving in Ownership.allCases.map { Way(leaving: leaving, ownership: $0) } }
}

/// Whose transport a provider has.
private enum Ownership: CaseIterable {
    case own
    case shared

    func provider(_ settings: JSONObject, of simulator: VLLMSimulator, events: EventCollector = EventCollector()) throws -> VLLMProvider {
        guard self == .shared else { return try VLLMProvider(settings, of: simulator, events: events) }
        let transport = CurlTransport(options: .init(proxy: ""))
        var settings = settings
        settings.merge(["base_url": .string(simulator.baseURL)])
        // Of the simulator nobody knows a model beforehand.
        if settings["default_model"] == nil { settings["default_model"] = .null }
        return try VLLMProvider(settings, transport: transport, events: events, tellsModels: true)
    }
}

@Suite("Calls that are left, and providers that are closed", .timeLimit(.minutes(1)))
struct ClosingTests {
    private static let closed = "the provider was closed"

    /// A simulator that answers requests for `path` as `answer` says, and tells what becomes of them.
    private static func simulator(
        _ path: String, _ answer: SimulatedResponse, models: [String] = ["m"]
    ) throws -> (VLLMSimulator, received: AsyncStream<Void>, ends: AsyncStream<Bool>) {
        let (received, receive) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        var options = VLLMSimulator.Options(respond: { $0.path == path ? answer : nil })
        options.models = models
        options.observe = { event in
            switch event {
            case .received(let request) where request.path == path: receive.yield()
            case .finished(let request, let isComplete) where request.path == path: end.yield(isComplete)
            default: break
            }
        }
        return (try VLLMSimulator(options: options), received, ends)
    }

    /// No head.
    private static let silence: SimulatedResponse = {
        var answer = SimulatedResponse(parts: [])
        answer.before = [.hang]
        return answer
    }()

    @Test(
        "whatever a call waits for, its connection is closed at once: the server sees it, and the session is told of one cancelled call",
        arguments: ["/version", "/v1/models", "/tokenize", "/v1/completions"], Way.all)
    private func waiting(path: String, way: Way) async throws {
        let (simulator, received, ends) = try Self.simulator(path, Self.silence)
        defer { simulator.stop() }
        let events = EventCollector()
        // Only a server of an older version does not know the option.
        let options: JSONObject = path == "/version" ? ["thinking_token_budget": 10] : [:]
        let settings: JSONObject = path == "/v1/models" ? [:] : ["default_model": "m"]
        let provider = try way.ownership.provider(settings, of: simulator, events: events)
        let call = Task { await provider.failure(options: options) }
        for await _ in received { break }
        if way.leaving == .close { await provider.close() } else { call.cancel() }
        let error = await call.value
        #expect(error?.code == .cancelled)
        #expect(error?.message == way.leaving.message)
        for await isComplete in ends {
            #expect(!isComplete)
            break
        }
        #expect(events.named("llm:request").count == 1)
        #expect(events.named("llm:response").map { $0["status"] } == ["cancelled"])
    }

    @Test(
        "in the middle of an answer, what came of it is kept", arguments: ["/v1/completions", "/v1/chat/completions"], Way.all)
    private func answering(path: String, way: Way) async throws {
        let chunk = path == "/v1/completions" ? completionChunk("Hal") : chatChunk(["content": "Hal"])
        let (simulator, _, ends) = try Self.simulator(path, .events([chunk], ending: [.hang]))
        defer { simulator.stop() }
        let events = EventCollector()
        let provider = try way.ownership.provider(
            ["default_model": "m", "use_completions": .bool(path == "/v1/completions")], of: simulator, events: events)
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let call = Task {
            await thrown { () throws(ProviderError) in
                for try await event in provider.stream(ChatRequest(messages: [.user("Hi")])) {
                    if case .blockDelta = event { begin.yield() }
                }
            }
        }
        for await _ in begun { break }
        if way.leaving == .close { await provider.close() } else { call.cancel() }
        let error = await call.value
        #expect(error?.code == .cancelled)
        #expect(error?.message == way.leaving.message)
        #expect(error?.partialResponse?.text == "Hal")
        for await isComplete in ends {
            #expect(!isComplete)
            break
        }
        #expect(events.named("llm:response").map { $0["status"] } == ["cancelled"])
    }

    @Test("a reader that is busy is told at its next reading", arguments: Way.all)
    private func busyReader(way: Way) async throws {
        let path = "/v1/chat/completions"
        let (simulator, _, _) = try Self.simulator(path, .events([chatChunk(["content": "Hal"])], ending: [.hang]))
        defer { simulator.stop() }
        let provider = try way.ownership.provider(["default_model": "m", "use_completions": false], of: simulator)
        let (read, reading) = AsyncStream.makeStream(of: Void.self)
        let (goOn, going) = AsyncStream.makeStream(of: Void.self)
        let call = Task {
            await thrown { () throws(ProviderError) in
                var iterator = provider.stream(ChatRequest(messages: [.user("Hi")])).makeAsyncIterator()
                while let event = try await iterator.next() {
                    guard case .blockDelta = event else { continue }
                    reading.yield()
                    // Uncancelled, as work that pays no heed to its task.
                    await Task { for await _ in goOn { break } }.value
                }
            }
        }
        for await _ in read { break }
        if way.leaving == .close { await provider.close() } else { call.cancel() }
        going.yield()
        let error = await call.value
        #expect(error?.message == way.leaving.message)
        #expect(error?.partialResponse?.text == "Hal")
    }

    @Test("a closed provider refuses at once whatever is asked of it, and nothing reaches the server", arguments: Ownership.allCases)
    private func later(ownership: Ownership) async throws {
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        let events = EventCollector()
        let provider = try ownership.provider([:], of: simulator, events: events)
        let begun = provider.stream(ChatRequest(messages: [.user("Hi")]))
        await withTaskGroup { group in for _ in 0..<4 { group.addTask { await provider.close() } } }
        await provider.close()
        for error in [
            await provider.failure(), await thrown { () throws(ProviderError) in _ = try await begun.gather() },
            await thrown { () throws(ProviderError) in _ = try await provider.listModels() },
        ] {
            #expect(error?.code == .cancelled)
            #expect(error?.message == Self.closed)
            #expect(error?.isRetryable == false)
        }
        await provider.prepare()
        #expect(simulator.requests.isEmpty)
        #expect(events.all.map(\.name) == ["llm:request", "llm:response", "llm:request", "llm:response"])
        #expect(events.named("llm:response").allSatisfy { $0["status"] == "cancelled" })
    }

    @Test("closing a provider leaves the others of its transport alone")
    func others() async throws {
        let gate = SimulatorGate()
        let path = "/v1/chat/completions"
        let rest = [chatChunk([:], finishReason: "stop"), "[DONE]"].map { SimulatedResponse.Part.bytes(Array("data: \($0)\n\n".utf8)) }
        let (simulator, received, ends) = try Self.simulator(
            path, .events([chatChunk(["content": "4"])], ending: [.gate(gate)] + rest))
        defer { simulator.stop() }
        let transport = CurlTransport(options: .init(proxy: ""))
        let settings: JSONObject = ["base_url": .string(simulator.baseURL), "default_model": "m", "use_completions": false]
        let closed = try VLLMProvider(settings, transport: transport)
        let other = try VLLMProvider(settings, transport: transport)
        let (first, second) = (Task { await closed.failure() }, Task { try await other.ask("What is 2+2?").text })
        var count = 0
        for await _ in received {
            count += 1
            if count == 2 { break }
        }
        await closed.close()
        #expect(await first.value?.message == Self.closed)
        for await isComplete in ends {
            #expect(!isComplete)
            break
        }
        gate.open()
        #expect(try await second.value == "4")
    }

    @Test("an answer is read to its end although nobody holds its provider any more")
    func droppedProvider() async throws {
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        var provider: VLLMProvider? = try VLLMProvider(of: simulator)
        weak let remembered = provider
        let stream = try #require(provider?.stream(ChatRequest(messages: [.user("What is 2+2?")])))
        provider = nil
        #expect(remembered == nil)
        #expect(try await stream.gather().text == "4")
    }

    @Test("a call is not harmed by another one that is cancelled while both wait for the server's version")
    func sharedVersion() async throws {
        let gate = SimulatorGate()
        var answer = SimulatedResponse.json(["version": "0.32.0"])
        answer.before = [.gate(gate)]
        let (simulator, received, _) = try Self.simulator("/version", answer, models: ["tiny-chat"])
        defer { simulator.stop() }
        let provider = try VLLMProvider(of: simulator)
        let options: JSONObject = ["thinking_token_budget": 10]
        let first = Task { await provider.failure(options: options) }
        for await _ in received { break }
        let second = Task { await provider.failure(options: options) }
        first.cancel()
        #expect(await first.value?.code == .cancelled)
        gate.open()
        #expect(await second.value == nil)
    }
}
