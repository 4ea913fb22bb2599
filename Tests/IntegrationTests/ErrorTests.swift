import JSON
import ProviderKit
import Testing
import VLLMClient
import VLLMProvider

extension RealServer {
    @Suite("What the server refuses")
    struct ErrorTests {
        /// A request that must fail, as the provider reports it.
        private func failure(_ mode: CallMode, _ settings: JSONObject = [:], prompt: String = "Hi", options: JSONObject = [:]) async throws
            -> ProviderError
        {
            var all = mode.settings
            all.merge(settings)
            let provider = try RealServer.provider(all)
            return try await #require(throws: ProviderError.self) {
                _ = try await provider.complete(ChatRequest(messages: [.user(prompt)]), options: options)
            }
        }

        @Test("a model that it does not serve: not found, with the name", arguments: CallMode.all)
        func wrongModel(mode: CallMode) async throws {
            let error = try await failure(mode, ["default_model": "no-such-model"])
            #expect(error.code == .notFound)
            #expect(error.status == 404)
            #expect(error.model == "no-such-model")
            #expect(error.message.contains("no-such-model"))
            #expect(error.hint?.contains("default_model") == true)
            #expect(!error.isRetryable)
        }

        @Test("a prompt that is longer than the context window: context length", arguments: CallMode.all)
        func contextLength(mode: CallMode) async throws {
            let error = try await failure(mode, prompt: String(repeating: "Once upon a time ", count: 600))
            #expect(error.code == .contextLength)
            #expect(error.details["context_window"] == 2048)
            #expect((error.details["prompt_tokens"]?.int ?? 0) > 2048)
            #expect(error.message.contains("2048"))
            #expect(!error.isRetryable)
        }

        @Test("a value that only the server can judge: invalid request, with the server's own words", arguments: CallMode.all)
        func badValue(mode: CallMode) async throws {
            let error = try await failure(mode, options: ["logprobs": 50])
            #expect(error.code == .invalidRequest)
            #expect(error.message.contains("logprobs"))
            #expect(error.body?.contains("BadRequestError") == true)
            #expect(!error.isRetryable)
        }

        @Test("a value out of its range is told before anything is sent, in extra_body, too", arguments: CallMode.all)
        func rangeOfValue(mode: CallMode) async throws {
            let error = try await failure(mode, options: ["extra_body": ["temperature": 5]])
            #expect(error.code == .invalidRequest)
            #expect(error.message.contains("temperature"))
            #expect(error.status == nil)
        }

        @Test("the client keeps the server's own words, type and field")
        func clientError() async throws {
            let client = try RealServer.client
            let request = CompletionRequest(model: "nope", prompt: .text("Hi"))
            let unknown = try await #require(throws: VLLMError.self) { _ = try await client.completion(request) }
            #expect(unknown.kind == .status)
            #expect((unknown.status, unknown.type, unknown.param) == (404, "NotFoundError", "model"))
            #expect(unknown.code == 404)
            #expect(unknown.message == "The model `nope` does not exist. Valid aliases: tiny-chat.")
            var hot = CompletionRequest(prompt: .text("Hi"))
            hot.sampling.temperature = 5
            let streamed = hot
            let bad = try await #require(throws: VLLMError.self) { _ = try await client.streamCompletion(streamed) }
            #expect((bad.status, bad.type, bad.param) == (400, "BadRequestError", "temperature"))
        }

        @Test("a route that there is not: not found, and no word of models")
        func wrongRoute() async throws {
            let provider = try RealServer.provider([
                "base_url": .string(try RealServer.client.baseURL.root + "/elsewhere"), "default_model": "m",
            ])
            let error = try await #require(throws: ProviderError.self) {
                _ = try await provider.complete(ChatRequest(messages: [.user("Hi")]), options: ["use_completions": false])
            }
            #expect(error.code == .notFound)
            #expect(error.hint?.contains("base_url") == true)
        }
    }
}
