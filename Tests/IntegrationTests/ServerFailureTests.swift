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

        @Test("more calls than it can work on are all answered; stopped, it runs into the time limits; killed, it costs a partial answer")
        func overloadedStoppedKilled() async throws {
            var server = try OwnServer(["--max-num-seqs", "1"])
            try await server.waitUntilReady()
            let provider = try server.provider()
            #expect(try await Self.answer(provider) == "4")

            try await forEach(Array(0..<64), atOnce: 64) { number in
                let answer = try await provider.complete(ChatRequest(messages: [.user(number % 2 == 0 ? "What is 2+2?" : "What is 3+5?")]))
                #expect(answer.text == (number % 2 == 0 ? "4" : "8"))
            }

            try await stopBeforeAnswer(server)
            try await stopInAnswer(server)
            #expect(try await Self.answer(provider) == "4")

            let killed = try await leaveInAnswer(server.provider(Self.endless)) { server.signal(SIGKILL) }
            #expect(killed.error?.code == .network)
            #expect(killed.error?.isRetryable == true)
            let other = try server.provider()
            let refused = await thrown { () throws(ProviderError) in _ = try await Self.answer(other) }
            #expect(refused?.code == .network)

            // The provider that knew the old server, its connections and its version goes on with the new one.
            let port = server.port
            server = try OwnServer(port: port)
            try await server.waitUntilReady()
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

            // vLLM ends its streams with an error in them, although the status was 200; or it comes to tell, as it aborts them, that it did;
            // or neither, and holds the connection open for ever.
            var settings = Self.endless
            settings["stream_idle_timeout"] = 20
            let ended = try await leaveInAnswer(server.provider(settings)) { server.signal(SIGTERM) }
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
            let left = try await leaveInAnswer(server.provider(settings)) { server.signal(SIGSTOP, toAll: true) }
            #expect(left.error?.code == .timeout)
            #expect(left.error?.details["setting"] == "stream_idle_timeout")
            #expect(left.error?.message == "\(server.url) sent nothing for 1 s (stream_idle_timeout)")
        }

        /// An answer that is far from its end when it has begun.
        private static let endless: JSONObject = [
            "max_tokens": 1900, "extra_body": ["ignore_eos": true], "first_byte_timeout": 120, "stream_idle_timeout": 120,
        ]

        /// Reads an answer, does something to its server when it has begun, and checks that what had come is kept.
        private func leaveInAnswer(
            _ provider: VLLMProvider, _ harm: () -> Void
        ) async throws -> (
            error: ProviderError?, finishReason: String?
        ) {
            var text = ""
            var finishReason: String?
            var isHarmed = false
            var iterator = provider.stream(ChatRequest(messages: [.user(Self.story)])).makeAsyncIterator()
            var failure: ProviderError?
            do throws(ProviderError) {
                while let event = try await iterator.next() {
                    if case .finished(let finish) = event { finishReason = finish.reason }
                    guard case .blockDelta(_, let delta) = event else { continue }
                    text += delta
                    if !isHarmed { harm() }
                    isHarmed = true
                }
            } catch {
                failure = error
            }
            try #require(isHarmed)
            let kept = failure?.partialResponse?.content.compactMap { $0.text ?? $0.thinking }.joined()
            #expect(failure == nil || kept == text)
            #expect(!text.isEmpty)
            return (failure, finishReason)
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
