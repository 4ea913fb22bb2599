import JSON
import TestSupport
import Testing
import VLLMClient

extension RealServer {
    @Suite("The client's answers, in one piece and streamed")
    struct ClientAnswerTests {
        private static func chat(_ question: String) -> ChatCompletionRequest {
            var request = ChatCompletionRequest(model: "tiny-chat", messages: [["role": "user", "content": .string(question)]])
            request.sampling.temperature = 0
            request.options.streamOptions = StreamOptions(includeUsage: true)
            return request
        }

        private static func completion(_ prompt: CompletionRequest.Prompt) -> CompletionRequest {
            var request = CompletionRequest(model: "tiny-chat", prompt: prompt)
            request.sampling.temperature = 0
            request.sampling.maxTokens = 60
            request.options.streamOptions = StreamOptions(includeUsage: true)
            return request
        }

        @Test("a chat answer has thinking, text, tokens, usage and the reason of its end")
        func chat() async throws {
            var request = Self.chat("What is 2+2?")
            request.logprobs = true
            request.topLogprobs = 3
            request.options.returnTokenIDs = true
            let answer = try await RealServer.client.chatCompletion(request)
            let choice = try #require(answer.choices.first)
            #expect(answer.choices.count == 1)
            #expect(answer.id?.hasPrefix("chatcmpl-") == true)
            #expect(answer.model == "tiny-chat")
            #expect(choice.message.role == "assistant")
            #expect(choice.message.reasoning == "\n2+2 is 4.\n")
            #expect(choice.message.content == "\n\n4")
            #expect(choice.message.toolCalls.isEmpty)
            #expect(choice.finishReason == "stop")
            let tokens = try #require(choice.logprobs).tokens
            #expect(String(decoding: tokens.flatMap { $0.bytes ?? [] }, as: UTF8.self) == "<think>\n2+2 is 4.\n</think>\n\n4<|im_end|>")
            #expect(tokens.allSatisfy { $0.top.count == 3 && $0.top[0].token == $0.token && ($0.logprob ?? 1) <= 0 })
            #expect(choice.tokenIDs?.count == tokens.count)
            #expect(answer.promptTokenIDs?.count == 17)
            #expect(answer.usage?.promptTokens == 17)
            #expect(answer.usage?.completionTokens == tokens.count)
            #expect(answer.usage?.totalTokens == 17 + tokens.count)
            // The two marks of thinking, the line breaks about it, the answer and its end are no thinking.
            #expect(answer.usage?.reasoningTokens.map { $0 > 4 && $0 < tokens.count } == true)
            #expect(answer.usage?.cachedTokens != nil)
        }

        @Test("a streamed chat answer adds up to the one in one piece", arguments: ["What is 2+2?", "日本の首都はどこですか？", "Send me some emoji."])
        func streamedChat(question: String) async throws {
            let client = try RealServer.client
            var request = Self.chat(question)
            request.logprobs = true
            request.topLogprobs = 2
            let whole = try await client.chatCompletion(request)
            var (text, thought, role) = ("", "", String?.none)
            var tokens: [TokenLogprobs.Token] = []
            var reasons: [String] = []
            var usages: [CompletionUsage] = []
            var ids: Set<String?> = []
            for try await chunk in try await client.streamChatCompletion(request) {
                ids.insert(chunk.id)
                if let usage = chunk.usage { usages.append(usage) }
                for choice in chunk.choices {
                    role = role ?? choice.delta.role
                    text += choice.delta.content ?? ""
                    thought += choice.delta.reasoning ?? ""
                    tokens += choice.logprobs?.tokens ?? []
                    if let reason = choice.finishReason { reasons.append(reason) }
                }
            }
            let choice = try #require(whole.choices.first)
            #expect(role == "assistant")
            #expect(text == choice.message.content)
            #expect(thought == choice.message.reasoning)
            #expect(reasons == ["stop"])
            #expect(ids.count == 1)
            #expect(tokens.map(\.bytes) == choice.logprobs?.tokens.map(\.bytes))
            #expect(usages.count == 1)
            #expect(usages.first?.completionTokens == whole.usage?.completionTokens)
            #expect(usages.first?.promptTokens == whole.usage?.promptTokens)
        }

        @Test("two calls of tools come whole and in pieces alike")
        func toolCalls() async throws {
            let client = try RealServer.client
            var request = Self.chat("What is the weather in London and what is 6 * 7?")
            request.tools = Dialogue.tools
            let choice = try #require(try await client.chatCompletion(request).choices.first)
            let wanted = [["get_weather", "{\"location\": \"London\"}"], ["calculate", "{\"expression\": \"6 * 7\"}"]]
            #expect(choice.message.toolCalls.map { [$0.name, $0.arguments] } == wanted)
            #expect(choice.message.toolCalls.allSatisfy { $0.id?.hasPrefix("chatcmpl-tool-") == true && $0.type == "function" })
            #expect(choice.finishReason == "tool_calls")
            var calls: [Int: [String]] = [:]
            var reason: String?
            for try await chunk in try await client.streamChatCompletion(request) {
                for choice in chunk.choices {
                    reason = choice.finishReason ?? reason
                    for part in choice.delta.toolCalls {
                        calls[part.index, default: ["", ""]][0] += part.name ?? ""
                        calls[part.index, default: ["", ""]][1] += part.arguments ?? ""
                    }
                }
            }
            #expect(calls == [0: wanted[0], 1: wanted[1]])
            #expect(reason == "tool_calls")
        }

        @Test("a completion has text, tokens with their places, usage and what ended it")
        func completion() async throws {
            var request = Self.completion(.text("The capital of France is"))
            request.logprobs = 2
            let answer = try await RealServer.client.completion(request)
            let choice = try #require(answer.choices.first)
            #expect(answer.id?.hasPrefix("cmpl-") == true)
            #expect(choice.text == " Paris.")
            #expect(choice.finishReason == "stop")
            #expect(choice.stopReason == 0)
            let tokens = try #require(choice.logprobs).tokens
            #expect(tokens.map(\.token) == [" Paris", ".", "<|endoftext|>"])
            #expect(tokens.map(\.textOffset) == [0, 6, 7])
            #expect(
                tokens.allSatisfy { token in
                    token.top.count == 2 && token.top.contains { $0.token == token.token && $0.logprob == token.logprob }
                })
            #expect(answer.usage?.promptTokens == 5)
            #expect(answer.usage?.completionTokens == 3)
        }

        @Test("a streamed completion adds up to the one in one piece")
        func streamedCompletion() async throws {
            let client = try RealServer.client
            var request = Self.completion(.text("Once upon a time"))
            request.logprobs = 1
            let whole = try await client.completion(request)
            var text = ""
            var tokens: [TokenLogprobs.Token] = []
            var usage: CompletionUsage?
            for try await chunk in try await client.streamCompletion(request) {
                usage = chunk.usage ?? usage
                for choice in chunk.choices {
                    text += choice.text
                    tokens += choice.logprobs?.tokens ?? []
                }
            }
            #expect(text == whole.choices.first?.text)
            #expect(tokens.map(\.token) == whole.choices.first?.logprobs?.tokens.map(\.token))
            #expect(tokens.map(\.textOffset) == whole.choices.first?.logprobs?.tokens.map(\.textOffset))
            #expect(usage?.totalTokens == whole.usage?.totalTokens)
        }

        @Test("several prompts, as texts and as tokens, are answered by number", arguments: [true, false])
        func severalPrompts(asTokens: Bool) async throws {
            let client = try RealServer.client
            let prompts = ["Roses are red,", "The quick brown fox"]
            var prompt = CompletionRequest.Prompt.texts(prompts)
            if asTokens {
                var lists: [[Int]] = []
                for text in prompts { lists.append(try await client.tokenize(TokenizeRequest(.prompt(text))).tokens) }
                prompt = .tokenLists(lists)
            }
            let choices = try await client.completion(Self.completion(prompt)).choices.sorted { $0.index < $1.index }
            #expect(choices.map(\.index) == [0, 1])
            #expect(choices.map(\.text) == [" violets are blue.", " jumps over the lazy dog."])
        }

        @Test("an answer that is cut says so: by length, by a stop text")
        func cuts() async throws {
            let client = try RealServer.client
            var request = Self.completion(.text("1, 2, 3,"))
            request.sampling.maxTokens = 4
            let short = try #require(try await client.completion(request).choices.first)
            #expect(short.finishReason == "length")
            #expect(" 4, 5, 6, 7, 8, 9, 10".hasPrefix(short.text))
            request.sampling.maxTokens = 60
            request.sampling.stop = ["7"]
            let stopped = try #require(try await client.completion(request).choices.first)
            #expect(stopped.text == " 4, 5, 6, ")
            #expect(stopped.finishReason == "stop")
            #expect(stopped.stopReason == "7")
        }
    }
}
