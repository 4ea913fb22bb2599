import JSON
import TestSupport
import Testing

@testable import VLLMClient

@Suite("Recorded answers")
struct RecordedAnswerTests {
    @Test(
        "keep the whole of a chat completion and give out its text, thinking and calls",
        arguments: Recording.answers("/v1/chat/completions"))
    func chatCompletion(name: String) throws {
        let recording = try Recording(name)
        let body = try recording.responseJSON()
        let answer: ChatCompletion = try ResponseDecoder(head: recording.head).decode(try #require(recording.response).body)
        #expect(JSONValue.object(answer.raw) == body)
        #expect(answer.id == body["id"]?.string)
        #expect(answer.model == body["model"]?.string)
        #expect(answer.usage?.totalTokens == body["usage"]?["total_tokens"]?.int)
        #expect(answer.choices.count == body["choices"]?.array?.count)
        for (choice, raw) in zip(answer.choices, body["choices"]?.array ?? []) {
            #expect(choice.index == raw["index"]?.int)
            #expect(choice.finishReason == raw["finish_reason"]?.string)
            #expect(choice.message.content == raw["message"]?["content"]?.string)
            #expect(choice.message.reasoning == raw["message"]?["reasoning"]?.string)
            #expect(
                choice.message.toolCalls.map(\.arguments) == raw["message"]?["tool_calls"]?.array?.compactMap {
                    $0["function"]?["arguments"]?.string
                } ?? [])
            #expect(choice.logprobs?.tokens.count == raw["logprobs"]?["content"]?.array?.count)
        }
    }

    @Test("keep the whole of a completion and give out its text", arguments: Recording.answers("/v1/completions"))
    func completion(name: String) throws {
        let recording = try Recording(name)
        let body = try recording.responseJSON()
        let answer: Completion = try ResponseDecoder(head: recording.head).decode(try #require(recording.response).body)
        #expect(JSONValue.object(answer.raw) == body)
        #expect(answer.usage?.promptTokens == body["usage"]?["prompt_tokens"]?.int)
        #expect(answer.choices.count == body["choices"]?.array?.count)
        for (choice, raw) in zip(answer.choices, body["choices"]?.array ?? []) {
            #expect(choice.index == raw["index"]?.int)
            #expect(choice.text == raw["text"]?.string)
            #expect(choice.finishReason == raw["finish_reason"]?.string)
            #expect(choice.logprobs?.tokens.count == raw["logprobs"]?["tokens"]?.array?.count)
            #expect(choice.promptLogprobs?.positions.count == raw["prompt_logprobs"]?.array?.count)
        }
    }
}
