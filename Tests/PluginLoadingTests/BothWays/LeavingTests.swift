import JSON
import ProviderKit
import Testing
import VLLMSimulator

@Suite("Calls that are left, of a provider that is built in or a plugin", .timeLimit(.minutes(1)))
struct LeavingTests {
    private static let chunk = #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Once upon"},"finish_reason":null}]}"#

    /// A simulator that begins an answer and says no more, and tells of each that was left.
    private func simulator() throws -> (VLLMSimulator, left: Arrival<Bool>) {
        let left = Arrival<Bool>()
        var options = VLLMSimulator.Options(
            respond: { $0.path == "/v1/chat/completions" ? .events([Self.chunk], ending: [.hang]) : nil })
        options.observe = { event in
            if case .finished(let request, let isComplete) = event, request.path == "/v1/chat/completions" { left.bring(isComplete) }
        }
        return (try VLLMSimulator(options: options), left)
    }

    private static let settings: JSONObject = ["use_completions": false, "default_model": "m"]
    private let request = ChatRequest(messages: [.user("Tell me a story.")])

    @Test(
        "a task that is cancelled gets what had arrived; the connection is closed, and the session is told",
        arguments: ProviderKind.allCases)
    func cancelled(kind: ProviderKind) async throws {
        let (simulator, left) = try simulator()
        defer { simulator.stop() }
        let events = EventCollector()
        let stream = try kind.provider(Self.settings, of: simulator, events: events).stream(request)
        let told = Arrival<Void>()
        let task = Task { () async -> ProviderError? in
            await thrown { () throws(ProviderError) in
                for try await event in stream { if case .blockDelta = event { told.bring(()) } }
            }
        }
        try await told.value
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.message == "the call was cancelled")
        #expect(error?.partialResponse?.text == "Once upon")
        #expect(try await left.value == false)
        let response = events.all.last { $0.name == "llm:response" }
        #expect(response?.data["status"] == "cancelled")
    }

    @Test("an iterator that is dropped closes the connection", arguments: ProviderKind.allCases)
    func dropped(kind: ProviderKind) async throws {
        let (simulator, left) = try simulator()
        defer { simulator.stop() }
        let provider = try kind.provider(Self.settings, of: simulator)
        do {
            var iterator = provider.stream(request).makeAsyncIterator()
            while let event = try await iterator.next() { if case .blockDelta = event { break } }
        }
        #expect(try await left.value == false)
    }

    @Test("closing ends the answers that are read, and later calls are refused", arguments: ProviderKind.allCases)
    func closed(kind: ProviderKind) async throws {
        let (simulator, left) = try simulator()
        defer { simulator.stop() }
        let provider = try kind.provider(Self.settings, of: simulator)
        let told = Arrival<Void>()
        let stream = provider.stream(request)
        let task = Task { () async -> ProviderError? in
            await thrown { () throws(ProviderError) in
                for try await event in stream { if case .blockDelta = event { told.bring(()) } }
            }
        }
        try await told.value
        await provider.close()
        await provider.close()
        let error = await task.value
        #expect(error?.code == .cancelled)
        // A plugin cancels its calls when it is closed.
        #expect(error?.message == (kind == .builtIn ? "the provider was closed" : "the call was cancelled"))
        #expect(error?.partialResponse?.text == "Once upon")
        #expect(try await left.value == false)
        let later = await thrown { () throws(ProviderError) in _ = try await provider.complete(request) }
        #expect(later?.code == .cancelled)
        #expect(later?.message == "the provider was closed")
        let models = await thrown { () throws(ProviderError) in _ = try await provider.listModels() }
        #expect(models?.code == .cancelled)
    }

    /// A simulator that answers with a megabyte, and the text of it.
    private func talker() throws -> (VLLMSimulator, text: String) {
        let piece = String(repeating: "x", count: 200)
        let pieces = (0..<5000).map { "\($0) \(piece) " }
        let chunks = pieces.map { #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"\#($0)"},"finish_reason":null}]}"# }
        let end = #"{"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
        let answer = SimulatedResponse.events(chunks + [end, "[DONE]"])
        return (try VLLMSimulator(options: .init(respond: { $0.path == "/v1/chat/completions" ? answer : nil })), pieces.joined())
    }

    @Test("an answer that is longer than what waits for its reader can be cancelled by the reader", arguments: ProviderKind.allCases)
    func cancelledInPause(kind: ProviderKind) async throws {
        let (simulator, _) = try talker()
        defer { simulator.stop() }
        let stream = try kind.provider(Self.settings, of: simulator).stream(request)
        let task = Task { () async -> ProviderError? in
            await thrown { () throws(ProviderError) in
                for try await event in stream { if case .blockDelta = event { withUnsafeCurrentTask { $0?.cancel() } } }
            }
        }
        #expect(await task.value?.code == .cancelled)
    }

    @Test("a reader who is slow loses nothing of a long answer", arguments: ProviderKind.allCases)
    func slow(kind: ProviderKind) async throws {
        let (simulator, expected) = try talker()
        defer { simulator.stop() }
        var gatherer = ResponseGatherer()
        var iterator = try kind.provider(Self.settings, of: simulator).stream(request).makeAsyncIterator()
        while let batch = try await iterator.nextBatch() {
            for event in batch { gatherer.add(event) }
            await Task.yield()
        }
        let text = gatherer.response.text
        // Not compared in the expectation, which would print a megabyte.
        let isWhole = text == expected
        #expect(isWhole)
    }
}
