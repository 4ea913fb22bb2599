import Glibc
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

extension RealServer {
    /// Each test has a server of its own, which it treats badly. Starting one takes half a minute, so that a test does all it can with it.
    @Suite(
        "A real vLLM that is overloaded, stopped, killed and restarted", .serialized, .timeLimit(.minutes(20)),
        .enabled(if: OwnServer.installation != nil, "vLLM is not installed here: make vllm"))
    struct ServerFailureTests {
        private static let story = "Tell me a long story."

        @Test("more calls than it works on are all answered; stopped, it runs into time limits; killed, it costs no answer that is retried")
        func overloadedStoppedKilled() async throws {
            let server = try OwnServer(["--max-num-seqs", "2"])
            try await server.waitUntilReady()
            let provider = try server.provider()
            #expect(try await Self.answer(provider) == "4")

            try await forEach(Array(0..<64), atOnce: 64) { number in
                let answer = try await provider.complete(ChatRequest(messages: [.user(number % 2 == 0 ? "What is 2+2?" : "What is 3+5?")]))
                #expect(answer.text == (number % 2 == 0 ? "4" : "8"))
            }

            try await stopBeforeAnswer(server)
            try await stopInAnswer(server)
            let whole = try await read(provider)
            #expect(whole.finishReason == "stop")

            // Of two answers under way when the server is killed, one is asked for once and the other until it is there.
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let (once, events) = (try server.provider(Self.endless), EventRecord())
            let patient = try server.provider(Self.patient, events: events)
            let cut = Task { try await read(once) { begin.yield() } }
            for await _ in begun { break }
            let resumed = Task { try await read(patient) { server.signal(SIGKILL) } }
            let killed = try await cut.value
            #expect(killed.error?.code == .network)
            #expect(killed.error?.isRetryable == true)
            try await server.waitUntilGone()
            let other = try server.provider()
            let refused = await thrown { () throws(ProviderError) in _ = try await Self.answer(other) }
            #expect(refused?.code == .network)

            // A call that is made before the new server listens waits for it; the answer that broke off goes on there, word for word; and
            // the provider that knew the old server, its connections and its version goes on with the new one.
            let next = try OwnServer(port: server.port)
            let early = Task { try await Self.answer(next.provider(Self.patient)) }
            try await next.waitUntilReady()
            let late = try await early.value
            #expect(late == "4")
            let story = try await resumed.value
            #expect(story.error == nil)
            #expect(story.text == whole.text)
            #expect(events.all.contains { $0.name == "provider:retry" })
            #expect(try await Self.answer(provider) == "4")
        }

        @Test("one that limits its queue refuses what is too much for it, and asked to end in the middle of an answer says so")
        func refusingEnding() async throws {
            let server = try OwnServer(["--max-num-seqs", "1", "--max-num-queued-reqs", "2"])
            try await server.waitUntilReady()
            let provider = try server.provider()
            let outcomes = await withTaskGroup { group in
                for _ in 0..<64 {
                    group.addTask {
                        await thrown { () throws(ProviderError) in
                            let answer = try await Self.answer(provider)
                            #expect(answer == "4")
                        }
                    }
                }
                return await group.reduce(into: [ProviderError?]()) { $0.append($1) }
            }
            #expect(outcomes.contains { $0 == nil })
            let refusals = outcomes.compactMap { $0 }
            #expect(!refusals.isEmpty)
            for refusal in refusals {
                #expect(refusal.code == .unavailable)
                // A stream has often begun by then: its error comes behind a status of 200.
                #expect(refusal.status == 503 || refusal.status == 200)
                #expect(refusal.isRetryable)
                #expect(refusal.message.contains("The engine is currently busy"))
            }

            // Calls that are tried again are all answered.
            let patient = try server.provider(Self.patient)
            try await forEach(Array(0..<64), atOnce: 64) { _ in
                let answer = try await Self.answer(patient)
                #expect(answer == "4")
            }

            // vLLM ends its streams with an error in them, although the status was 200; or it comes to tell, as it aborts them, that it did;
            // or neither, and holds the connection open for ever.
            var settings = Self.endless
            settings["stream_idle_timeout"] = 20
            let ended = try await read(server.provider(settings)) { server.signal(SIGTERM) }
            if let error = ended.error {
                #expect(error.isRetryable)
                #expect(error.code == .unavailable || error.details["setting"] == "stream_idle_timeout", "\(error)")
            } else {
                #expect(ended.finishReason == "abort")
            }
            try await server.waitUntilGone()
        }

        /// A server that accepts and says nothing.
        private func stopBeforeAnswer(_ server: OwnServer) async throws {
            server.signal(SIGSTOP, toAll: true)
            defer { server.signal(SIGCONT, toAll: true) }
            for endpoint in ["chat", "completions"] {
                var settings = CallMode(endpoint: endpoint, streams: true).settings
                settings["first_byte_timeout"] = 0.5
                let provider = try server.provider(settings)
                let error = await thrown { () throws(ProviderError) in _ = try await Self.answer(provider) }
                #expect(error?.code == .timeout)
                #expect(error?.details["setting"] == "first_byte_timeout")
                #expect(error?.message == "\(server.url) began no answer within 0.5 s (first_byte_timeout)")
                #expect(error?.isRetryable == true)
            }
        }

        /// A server that falls silent in the middle of an answer.
        private func stopInAnswer(_ server: OwnServer) async throws {
            defer { server.signal(SIGCONT, toAll: true) }
            var settings = Self.endless
            settings["stream_idle_timeout"] = 1
            let left = try await read(server.provider(settings)) { server.signal(SIGSTOP, toAll: true) }
            #expect(left.error?.code == .timeout)
            #expect(left.error?.details["setting"] == "stream_idle_timeout")
            #expect(left.error?.message == "\(server.url) sent nothing for 1 s (stream_idle_timeout)")
        }

        /// Settings of a call that is tried again until it is answered, for as long as a server may take to start.
        private static let patient: JSONObject = [
            "max_retries": 100, "min_retry_delay": 0.05, "max_retry_delay": 6, "retry_budget": 100, "retry_burst": 10_000, "timeout": 1200,
            "first_byte_timeout": 120,
        ]

        /// An answer that is far from its end when it has begun.
        private static let endless: JSONObject = [
            "max_tokens": 1900, "extra_body": ["ignore_eos": true], "first_byte_timeout": 120, "stream_idle_timeout": 120,
        ]

        /// An answer as it was read.
        private struct Reading {
            var text = ""
            var finishReason: String?
            var error: ProviderError?
        }

        /// Reads an answer, does something when it has begun, and checks that what had come is kept where it fails.
        private func read(_ provider: VLLMProvider, _ onBeginning: @Sendable () -> Void = {}) async throws -> Reading {
            var reading = Reading()
            var iterator = provider.stream(ChatRequest(messages: [.user(Self.story)])).makeAsyncIterator()
            do throws(ProviderError) {
                while let event = try await iterator.next() {
                    if case .finished(let finish) = event { reading.finishReason = finish.reason }
                    guard case .blockDelta(_, let delta) = event else { continue }
                    if reading.text.isEmpty, !delta.isEmpty { onBeginning() }
                    reading.text += delta
                }
            } catch {
                reading.error = error
                let kept = error.partialResponse?.content.compactMap { $0.text ?? $0.thinking }.joined()
                #expect(kept == reading.text)
            }
            try #require(!reading.text.isEmpty)
            return reading
        }

        private static func answer(_ provider: VLLMProvider) async throws(ProviderError) -> String {
            try await provider.complete(ChatRequest(messages: [.user("What is 2+2?")])).text
        }
    }
}

/// The error that `body` throws; `nil` where it throws none.
private func thrown(_ body: () async throws(ProviderError) -> Void) async -> ProviderError? {
    do {
        try await body()
        return nil
    } catch { return error }
}
