import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMClient

extension RealServer {
    @Suite("Log-probabilities")
    struct LogprobTests {
        private static let question = "What is the capital of France?"
        private static let said = "<think>\nThe user asks about France. It is Paris.\n</think>\n\nThe capital of France is Paris."

        /// The log-probabilities as the server tells them, without the provider: of the same prompt, by chat.
        private static func raw() async throws -> [TokenLogprobs.Token] {
            var request = ChatCompletionRequest(messages: [["role": "user", "content": .string(question)]])
            request.sampling.temperature = 0
            request.logprobs = true
            request.topLogprobs = 3
            return try #require(try await RealServer.client.chatCompletion(request).choices.first?.logprobs).tokens
        }

        @Test("the provider tells those of the server: the same tokens, the same sum, three alternatives", arguments: CallMode.all)
        func sameAsRaw(mode: CallMode) async throws {
            let raw = try await Self.raw()
            let provider = try RealServer.provider(mode.settings)
            let response = try await provider.complete(ChatRequest(messages: [.user(Self.question)]), options: ["logprobs": 3])
            let told = try #require(response.logprobs)
            #expect(told.map(\.token) == raw.map(\.token))
            #expect(told.map(\.token).joined() == Self.said + "<|im_end|>")
            let (sum, wanted) = (told.compactMap(\.logprob).reduce(0, +), raw.compactMap(\.logprob).reduce(0, +))
            #expect(abs(sum - wanted) < 1e-4)
            #expect(sum < 0 && sum > -0.1)
            #expect(told.allSatisfy { token in token.topLogprobs.count == 3 && token.topLogprobs.contains { $0.token == token.token } })
            #expect(response.usage?.outputTokens == told.count)
        }

        @Test("none are told that were not asked for", arguments: CallMode.all)
        func none(mode: CallMode) async throws {
            let response = try await RealServer.provider(mode.settings).complete(ChatRequest(messages: [.user("Hi")]))
            #expect(response.logprobs == nil)
        }

        @Test("with 0 each token is told, and no alternatives to it", arguments: CallMode.all)
        func withoutAlternatives(mode: CallMode) async throws {
            let provider = try RealServer.provider(mode.settings)
            let response = try await provider.complete(ChatRequest(messages: [.user("Hi")]), options: ["logprobs": 0])
            let told = try #require(response.logprobs)
            #expect(told.count == response.usage?.outputTokens)
            #expect(told.allSatisfy { token in token.topLogprobs.allSatisfy { $0.token == token.token } })
        }

        @Test("each token is placed in its block, the same at both endpoints, streamed and not, with its id and the prompt's")
        func places() async throws {
            for question in [Self.question, "Send me some emoji."] {
                var told: [[String]] = []
                for mode in CallMode.all {
                    let provider = try RealServer.provider(mode.settings)
                    let options: JSONObject = ["logprobs": 0, "return_token_ids": true]
                    let response = try await provider.complete(ChatRequest(messages: [.user(question)]), options: options)
                    let tokens = try #require(response.logprobs)
                    #expect(response.tokenIDs == [tokens.compactMap(\.tokenID)])
                    #expect(response.promptTokenIDs?.count == response.usage?.inputTokens)
                    #expect(tokens.count == response.usage?.outputTokens)
                    for (index, block) in response.content.enumerated() {
                        let text = Array((block.text ?? block.thinking ?? "").unicodeScalars)
                        let placed = tokens.filter { $0.blockIndex == index }
                        #expect(placed.first?.textOffset == 0)
                        for token in placed where !token.token.unicodeScalars.contains("\u{FFFD}") {
                            let said = Array(token.token.unicodeScalars)
                            #expect(Array(text[(token.textOffset ?? 0)...].prefix(said.count)) == said)
                        }
                    }
                    told.append(tokens.map { "\($0.tokenID ?? -1) \($0.blockIndex ?? -1):\($0.textOffset ?? -1)" })
                }
                #expect(Set(told).count == 1)
            }
        }

        @Test("the prompt's log-probabilities are those of the server", arguments: CallMode.all.filter { !$0.streams })
        func prompt(mode: CallMode) async throws {
            let provider = try RealServer.provider(mode.settings)
            let options: JSONObject = ["prompt_logprobs": 2, "return_token_ids": true]
            let response = try await provider.complete(ChatRequest(messages: [.user(Self.question)]), options: options)
            let told = try #require(response.promptLogprobs)
            #expect(told.first == .some(nil))
            #expect(told.dropFirst().map { $0?.tokenID } == response.promptTokenIDs?.dropFirst().map { $0 })
            #expect(told.dropFirst().allSatisfy { ($0?.logprob ?? 1) <= 0 && $0?.topLogprobs.count ?? 0 >= 2 })
        }
    }
}
