import CProviderPlugin
import Locks
import ProviderKit
import Testing

@testable import PluginLoading

@Suite("Reading on the plugin's thread", .timeLimit(.minutes(1)))
struct CallbackExecutorTests {
    private let request = ChatRequest(messages: [.user("Hi")])

    private static let start = #"[{"type": "block_start", "index": 0, "block_type": "text"}]"#
    private static let delta = #"[{"type": "block_delta", "index": 0, "text": "x"}]"#
    private static let end =
        #"[{"type": "block_end", "index": 0, "block": {"type": "text", "text": "xx"}}, {"type": "finish", "reason": "stop"}]"#

    /// How many batches a reader has taken that prefers the answer's own executor.
    private final class Reader: Sendable {
        private let count = Guarded(0)
        /// One for each batch that was taken.
        let news = Arrival<Void>()

        var taken: Int { count.withLock { $0 } }

        func read(_ stream: ResponseStream, atEnd: () async throws -> Void = {}) async throws {
            var iterator = stream.makeAsyncIterator()
            try await withTaskExecutorPreference(stream.executor) {
                while let batch = try await iterator.nextBatch() {
                    if case .finished = batch.last { try await atEnd() }
                    count.withLock { $0 += 1 }
                    news.bring(())
                }
            }
        }
    }

    /// Brings steps until the reader takes one inside of the callback: what came before it had begun to wait is taken elsewhere.
    private func bringUntilRead(_ call: FakeCall, _ reader: Reader) async throws {
        while true {
            try await reader.news.value
            let before = reader.taken
            call.events(Self.delta)
            if reader.taken > before { return }
        }
    }

    @Test("a batch is read before the callback that brings it returns, and so is the end")
    func inside() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.events(Self.start)
            begun.bring(call)
        }
        let (stream, reader) = (try plugin.provider().stream(request), Reader())
        async let reading: Void = reader.read(stream)
        let call = try await begun.value
        try await bringUntilRead(call, reader)
        for _ in 0..<10 {
            let before = reader.taken
            #expect(call.events(Self.delta) == ProviderFlow(PROVIDER_CONTINUE))
            #expect(reader.taken == before + 1)
        }
        let before = reader.taken
        call.events(Self.end)
        #expect(reader.taken == before + 1)
        call.step(Int(PROVIDER_STEP_RESPONSE), "")
        try await reading
    }

    @Test("there another answer may be read, also one that is told while it is asked for")
    func nested() async throws {
        let plugin = FakePlugin()
        let provider = try plugin.provider()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.events(Self.start)
            begun.bring(call)
        }
        let (stream, reader, inner) = (provider.stream(request), Reader(), Guarded(""))
        async let reading: Void = reader.read(stream) {
            plugin.onStart = { $0.answer("Hello") }
            let text = try await provider.complete(ChatRequest(messages: [.user("Hi")])).text
            inner.withLock { $0 = text }
        }
        let call = try await begun.value
        try await bringUntilRead(call, reader)
        call.events(Self.end)
        call.step(Int(PROVIDER_STEP_RESPONSE), "")
        try await reading
        #expect(inner.withLock { $0 } == "Hello")
    }

    @Test("a task that was cancelled is told so, and the plugin ends the call")
    func cancelled() async throws {
        let plugin = FakePlugin()
        let begun = Arrival<FakeCall>()
        plugin.onStart = { call in
            call.events(Self.start)
            begun.bring(call)
        }
        plugin.onCancel = { $0.fail(#"{"type": "AbortError", "code": "cancelled", "message": "stopped", "retryable": false}"#) }
        let (stream, reader) = (try plugin.provider().stream(request), Reader())
        let reading = Task { try await reader.read(stream) }
        try await bringUntilRead(try await begun.value, reader)
        reading.cancel()
        let error = await reading.result.failure as? ProviderError
        #expect(error?.code == .cancelled)
        #expect(error?.partialResponse?.text.isEmpty == false)
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
}
