import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("What the rounds of a long answer take", .timeLimit(.minutes(2)))
struct ContinuationUsageTests {
    private static func answer(_ message: JSONObject, _ reason: JSONValue, usage: JSONObject) -> ScriptedExchange {
        let choice: JSONValue = ["index": 0, "message": .object(message), "finish_reason": reason]
        return .json(["id": "chatcmpl-1", "model": "m", "choices": [choice], "usage": .object(usage)])
    }

    private static func usage(_ prompt: Int, _ completion: Int, cached: Int, reasoning: Int) -> JSONObject {
        [
            "prompt_tokens": .integer(prompt), "completion_tokens": .integer(completion), "total_tokens": .integer(prompt + completion),
            "prompt_tokens_details": [
                "cached_tokens": .integer(cached), "created_cache_tokens": .integer(cached + 1), "multimodal_tokens": 2,
            ],
            "completion_tokens_details": ["reasoning_tokens": .integer(reasoning)],
        ]
    }

    private static let settings: JSONObject = ["use_completions": false, "use_streaming": false, "continuation": 5]

    @Test("each count is the sum over the rounds; a round behind the thought has no reasoning, whatever the server counts")
    func sum() async throws {
        var first = Self.usage(10, 5, cached: 1, reasoning: 5)
        first["queue_time"] = 3
        var last = Self.usage(19, 4, cached: 100, reasoning: 4)
        last["seats"] = 7
        let transport = ScriptedTransport([
            Self.answer(["reasoning": "I think"], "length", usage: first),
            Self.answer(["reasoning": " hard.", "content": "One,"], "length", usage: Self.usage(14, 6, cached: 10, reasoning: 3)),
            Self.answer(["reasoning": " two."], "stop", usage: last),
        ])
        let response = try await VLLMProvider(Self.settings, transport: transport).ask("Count.")
        #expect(response.text == "One, two.")
        let usage = try #require(response.usage)
        #expect(usage.inputTokens == 43)
        #expect(usage.outputTokens == 15)
        #expect(usage.totalTokens == 58)
        #expect(usage.reasoningTokens == 8)
        #expect(usage.cacheReadTokens == 111)
        #expect(usage.cacheWriteTokens == 114)
        #expect(usage.multimodalTokens == 6)
        #expect(usage.additional["queue_time"] == 3)
        #expect(usage.additional["seats"] == 7)
    }

    @Test("log-probabilities of the prompt are asked for once")
    func promptLogprobs() async throws {
        let usage = Self.usage(1, 1, cached: 0, reasoning: 0)
        let transport = ScriptedTransport([
            Self.answer(["content": "One,"], "length", usage: usage), Self.answer(["content": " two."], "stop", usage: usage),
        ])
        let response = try await VLLMProvider(Self.settings, transport: transport).ask("Count.", options: ["prompt_logprobs": 1])
        #expect(response.text == "One, two.")
        #expect(try transport.bodies("/v1/chat/completions").map { $0["prompt_logprobs"] } == [1, nil])
    }

    @Test("an echoed prompt is not continued, and its tokens are not asked for: the server would leave it out")
    func echoedPrompt() async throws {
        let transport = ScriptedTransport.completions(.completion(["Count. One,"], finishReason: "length"))
        let response = try await VLLMProvider(["continuation": 3], transport: transport).ask("Count.", options: ["echo": true])
        #expect(response.text == "Count. One,")
        #expect(response.finishReason == "length")
        #expect(response.degradation?.reason == "an answer behind its prompt (echo) is not continued")
        let bodies = try transport.bodies("/v1/completions")
        #expect(bodies.map { $0["echo"] } == [true])
        #expect(bodies[0]["return_token_ids"] == nil)
    }

    @Test("echo beside return_token_ids is left out of a completion, which is told: the server leaves the prompt out")
    func echoedTokens() async throws {
        let transport = ScriptedTransport.completions(.completion(["One."]))
        let response = try await VLLMProvider(transport: transport).ask("Count.", options: ["echo": true, "return_token_ids": true])
        #expect(response.degradation?.requested == "echo: true")
        #expect(response.degradation?.actual == "echo: false")
        let body = try #require(try transport.bodies("/v1/completions").first)
        #expect(body["echo"] == nil)
        #expect(body["return_token_ids"] == true)
    }
}
