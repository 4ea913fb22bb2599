import JSON
import TestSupport
import Testing

@testable import VLLMClient

@Suite("Fields of answers")
struct AnswerFieldTests {
    private func chat(_ name: String) async throws -> ChatCompletion {
        try await VLLMClient.answered(asIn: name).chatCompletion(ChatCompletionRequest(messages: []))
    }

    private func completion(_ name: String) async throws -> Completion {
        try await VLLMClient.answered(asIn: name).completion(CompletionRequest(prompt: .text("")))
    }

    private func chunks(_ name: String) async throws -> [ChatCompletionChunk] {
        try await VLLMClient.answered(asIn: name).streamChatCompletion(ChatCompletionRequest(messages: [])).reduce(into: []) {
            $0.append($1)
        }
    }

    @Test("of chat log-probabilities")
    func chatLogprobs() async throws {
        let token = try #require(try await chat("chat_logprobs").choices.first?.logprobs?.tokens.first)
        #expect(token.token == "<think>")
        #expect(token.logprob == -0.000015616295058862306)
        #expect(token.bytes == Array("<think>".utf8))
        #expect(token.textOffset == nil)
        #expect(token.top.count > 1)
        #expect(
            token.top.first == TokenLogprobs.Candidate(token: "<think>", logprob: -0.000015616295058862306, bytes: Array("<think>".utf8)))
        let withoutTop = try await chat("chat_logprobs_no_top")
        #expect(withoutTop.choices.first?.logprobs?.tokens.allSatisfy { $0.top.isEmpty } == true)
        let streamed = try await chunks("chat_logprobs_stream").compactMap { $0.choices.first?.logprobs }.flatMap(\.tokens)
        #expect(streamed.count == 14)
        #expect(streamed.first?.token == "<think>")
    }

    @Test("of completion log-probabilities, the first of an echoed prompt without one")
    func completionLogprobs() async throws {
        let choice = try #require(try await completion("completion_echo_logprobs").choices.first)
        let tokens = try #require(choice.logprobs).tokens
        #expect(tokens.map(\.token) == ["The", " capital", " of", " France", " is", " Paris", ".", "<|endoftext|>"])
        #expect(tokens.map(\.textOffset) == [0, 3, 11, 14, 21, 24, 30, 31])
        #expect(tokens[0].logprob == nil)
        #expect(tokens[0].top.isEmpty)
        #expect(tokens[1].logprob == -10.50517463684082)
        #expect(tokens[1].top.map(\.token) == [" capital", " the"])
        #expect(tokens[1].top.map(\.logprob) == [-10.50517463684082, -0.3684558868408203])
        let prompt = try #require(choice.promptLogprobs).positions
        #expect(prompt.count == 5)
        #expect(prompt[0] == nil)
        #expect(
            prompt[1] == [
                PromptLogprobs.Candidate(tokenID: 342, logprob: -10.50517463684082, rank: 295, decodedToken: " capital"),
                PromptLogprobs.Candidate(tokenID: 278, logprob: -0.3684558868408203, rank: 1, decodedToken: " the"),
            ])
        #expect(choice.stopReason == 0)
    }

    @Test("of usage, with all details")
    func usage() async throws {
        let usage = try await chat("full_chat_cached").usage
        let told = try Recording("full_chat_cached").responseJSON()["usage"]
        #expect(usage?.promptTokens == told?["prompt_tokens"]?.int)
        #expect(usage?.completionTokens == told?["completion_tokens"]?.int)
        #expect(usage?.cachedTokens == 0)
        #expect(usage?.createdCacheTokens == 384)
        #expect(usage?.multimodalTokens == nil)
        let plain = try await chat("chat_plain").usage
        #expect(plain?.reasoningTokens == 8)
        #expect(plain?.cachedTokens == nil)
        let streamed = try await chunks("chat_stream_usage")
        #expect(streamed.last?.choices.isEmpty == true)
        #expect(streamed.last?.usage?.totalTokens == 31)
        #expect(streamed.dropLast().allSatisfy { $0.usage == nil })
        let continuous = try await chunks("chat_stream_usage_continuous")
        #expect(continuous.allSatisfy { $0.usage != nil })
    }

    @Test("of tool calls, whole and in pieces")
    func toolCalls() async throws {
        let whole = try #require(try await chat("tool_parallel").choices.first)
        #expect(whole.finishReason == "tool_calls")
        #expect(whole.message.content == nil)
        #expect(whole.message.toolCalls.map(\.name) == ["get_weather", "get_weather"])
        #expect(whole.message.toolCalls.allSatisfy { $0.type == "function" && $0.id?.hasPrefix("chatcmpl-tool-") == true })
        let pieces = try await chunks("tool_parallel_stream").flatMap(\.choices).flatMap(\.delta.toolCalls)
        let names = pieces.compactMap(\.name)
        #expect(names == ["get_weather", "get_weather"])
        let firstNamed = try #require(pieces.first(where: { $0.name != nil }))
        #expect(firstNamed.arguments == nil)
        for index in 0...1 {
            let arguments = pieces.filter { $0.index == index }.compactMap(\.arguments).joined()
            #expect(arguments == whole.message.toolCalls[index].arguments)
        }
    }

    @Test("of token ids and the prompt's text")
    func tokenIDs() async throws {
        let told = try Recording("chat_return_token_ids").responseJSON()
        let whole = try await chat("chat_return_token_ids")
        #expect(whole.promptTokenIDs == told["prompt_token_ids"]?.array?.compactMap(\.int))
        #expect(whole.choices.first?.tokenIDs == told["choices"]?[0]?["token_ids"]?.array?.compactMap(\.int))
        let streamed = try await chunks("chat_return_token_ids_stream")
        #expect(streamed.first?.promptTokenIDs == whole.promptTokenIDs)
        #expect(streamed.flatMap(\.choices).compactMap(\.tokenIDs).flatMap { $0 } == whole.choices.first?.tokenIDs)
        #expect(try await chat("chat_return_prompt_text").promptText?.hasPrefix("<|im_start|>user") == true)
        let completion = try await completion("completion_return_token_ids")
        #expect(completion.choices.first?.promptTokenIDs?.count == completion.usage?.promptTokens)
        #expect(completion.choices.first?.tokenIDs?.count == completion.usage?.completionTokens)
    }

    @Test("of what ended the answer: nothing, a text or a token")
    func stopReason() async throws {
        #expect(try await chat("chat_plain").choices.first?.stopReason == nil)
        #expect(try await chat("chat_stop_included").choices.first?.stopReason?.string != nil)
        #expect(try await chat("chat_stop_token_ids").choices.first?.stopReason?.int != nil)
        #expect(try await chat("full_chat_aborted").choices.first?.finishReason == "abort")
        #expect(try await chat("overload_repetition_detection").choices.first?.stopReason == "repetition_detected")
    }

    @Test("of servers that call the thinking reasoning_content")
    func olderReasoning() async throws {
        let answer = #"{"choices":[{"message":{"reasoning_content":"old","content":"c"}}]}"#
        let older = try await VLLMClient.answered(text: answer).chatCompletion(ChatCompletionRequest(messages: []))
        #expect(older.choices.first?.message.reasoning == "old")
        let both =
            #"{"choices":[{"delta":{"reasoning":"r","reasoning_content":"r"}},{"delta":{"reasoning":null,"reasoning_content":"o"}}]}"#
        let stream = try await VLLMClient.streaming(both, "[DONE]").streamChatCompletion(ChatCompletionRequest(messages: []))
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next()?.choices.map(\.delta.reasoning) == ["r", "o"])
    }

    @Test("that are unknown are kept")
    func unknown() async throws {
        let answer = #"{"choices":[{"message":{"content":"c","new":[1e-05]}}],"future":{"a":1.0}}"#
        let completion = try await VLLMClient.answered(text: answer).chatCompletion(ChatCompletionRequest(messages: []))
        #expect(JSONValue.object(completion.raw).text == answer)
    }

    @Test("of servers with metrics")
    func metrics() async throws {
        let told = try Recording("full_chat").responseJSON()["metrics"]
        #expect(told?.object != nil)
        #expect(try await chat("full_chat").metrics == told)
    }
}
