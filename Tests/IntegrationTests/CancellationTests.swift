import JSON
import ProviderKit
import Testing
import VLLMClient
import VLLMProvider

extension RealServer {
    @Suite("Leaving an answer")
    struct CancellationTests {
        /// What is generated when nobody stops it: many seconds of work, also where the counters are read late.
        private static let endless = 1900
        private static let answers = 16

        private static func endlessRequest() -> CompletionRequest {
            var request = CompletionRequest(model: "tiny-chat", prompt: .text("Once upon a time"))
            request.sampling.temperature = 1
            request.sampling.n = answers
            request.sampling.maxTokens = endless
            request.sampling.ignoreEOS = true
            return request
        }

        @Test("dropping the client's stream stops the generation at the server")
        func droppedStream() async throws {
            try await expectStopped {
                var iterator = try await RealServer.client.streamCompletion(Self.endlessRequest()).makeAsyncIterator()
                #expect(try await iterator.next()?.choices.isEmpty == false)
            }
        }

        @Test("cancelling a task that waits for a whole answer stops the generation")
        func cancelledCall() async throws {
            try await expectStopped(countsTokens: false) {
                let client = try RealServer.client
                // Again and again, should one be over before the server's counters were read.
                let task = Task { while true { _ = try await client.completion(Self.endlessRequest()) } }
                try await Self.waitUntilRunning()
                task.cancel()
                let error = await #expect(throws: VLLMError.self) { try await task.value }
                #expect(error?.isCancellation == true)
            }
        }

        @Test("dropping the provider's answer stops the generation, and the events say cancelled", arguments: ["chat", "completions"])
        func droppedAnswer(endpoint: String) async throws {
            let events = EventRecord()
            try await expectStopped {
                var settings = CallMode(endpoint: endpoint, streams: true).settings
                settings.merge([
                    "max_tokens": .integer(Self.endless), "n": .integer(Self.answers), "temperature": 1, "extra_body": ["ignore_eos": true],
                ])
                let provider = try RealServer.provider(settings, events: events)
                var iterator = provider.stream(ChatRequest(messages: [.user("Tell me a long story.")])).makeAsyncIterator()
                var begun = false
                while !begun, let event = try await iterator.next() {
                    if case .blockDelta = event { begun = true }
                }
                #expect(begun)
            }
            let responses = events.all.filter { $0.name == "llm:response" }
            #expect(responses.map { $0.data["status"] } == ["cancelled"])
        }

        /// Runs `body`, which leaves an endless answer, and checks that the server soon works on nothing and has not made all of it.
        private func expectStopped(countsTokens: Bool = true, _ body: () async throws -> Void) async throws {
            try await Self.waitUntil("nothing runs") { try await RealServer.metric("vllm:num_requests_running") == 0 }
            let before = try await RealServer.metric("vllm:generation_tokens_total")
            try await body()
            let generated = try await Self.standing("vllm:generation_tokens_total") - before
            #expect(!countsTokens || generated < Double(Self.endless * Self.answers) / 2)
        }

        /// The value of a counter once nothing runs and it stands still: the server brings its counters up to date now and then.
        private static func standing(_ counter: String) async throws -> Double {
            var last = -1.0
            try await waitUntil("nothing runs any more") {
                let value = try await RealServer.metric(counter)
                defer { last = value }
                try await Task.sleep(for: .milliseconds(300))
                guard value == last else { return false }
                return try await RealServer.metric("vllm:num_requests_running") == 0
            }
            return last
        }

        private static func waitUntilRunning() async throws {
            try await waitUntil("the request runs") { try await RealServer.metric("vllm:num_requests_running") > 0 }
        }

        /// Asks again and again until `condition` holds, for 30 seconds.
        private static func waitUntil(_ what: Comment, _ condition: () async throws -> Bool) async throws {
            let clock = ContinuousClock()
            let deadline = clock.now + .seconds(30)
            while try await !condition() {
                try #require(clock.now < deadline, what)
                try await clock.sleep(for: .milliseconds(20))
            }
        }
    }
}
