import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

/// What some servers send otherwise than vLLM does, and what of it must not be lost or shown.
@Suite("Answers of other servers")
struct LiberalAnswerTests {
    private func answer(_ message: JSONObject, _ choice: JSONObject = [:], _ settings: JSONObject = [:]) async throws -> ChatResponse {
        var told: JSONObject = ["index": 0, "message": .object(message), "finish_reason": "stop"]
        told.merge(choice)
        var configuration: JSONObject = ["use_completions": false, "use_streaming": false]
        configuration.merge(settings)
        let usage: JSONValue = ["prompt_tokens": 3, "completion_tokens": -1, "total_tokens": -7]
        let transport = ScriptedTransport.completions(.json(["choices": [.object(told)], "usage": usage]))
        return try await VLLMProvider(configuration, transport: transport).ask("Hi")
    }

    @Test("text in parts is one text, and arguments may be the object itself")
    func shapes() async throws {
        let parts: JSONValue = [["type": "text", "text": "Heads"], ["type": "text", "text": " up."]]
        let call: JSONValue = ["id": "c", "function": ["name": "f", "arguments": ["x": [1, 2.50]]]]
        let response = try await answer(["content": parts, "tool_calls": [call]])
        #expect(response.text == "Heads up.")
        #expect(response.toolCalls == [ToolCall(id: "c", name: "f", arguments: ["x": [1, 2.50]])])
        let streamed = ScriptedTransport([.chat([["content": parts], ["tool_calls": [call]]])])
        let same = try await VLLMProvider(["use_completions": false], transport: streamed).ask("Hi")
        #expect(same.content == response.content)
    }

    @Test("counts below zero are zero")
    func negativeCounts() async throws {
        let usage = try await answer(["content": "4"]).usage
        #expect(usage?.inputTokens == 3)
        #expect(usage?.outputTokens == 0)
        #expect(usage?.totalTokens == 0)
    }

    @Test("include_reasoning: false leaves out the thoughts that a server tells apart all the same")
    func hiddenThoughts() async throws {
        let message: JSONObject = ["content": "4", "reasoning": "Two and two."]
        #expect(try await answer(message).thinking == "Two and two.")
        let hidden = try await answer(message, [:], ["include_reasoning": false])
        #expect(hidden.content == [.text(TextBlock("4"))])
    }

    @Test("alternatives have their bytes as the token itself has")
    func bytesOfAlternatives() async throws {
        let top: JSONValue = [["token": "4", "logprob": -0.5, "bytes": [52]], ["token": "é", "logprob": -1.5, "bytes": [195, 169]]]
        let logprobs: JSONValue = ["content": [["token": "4", "logprob": -0.5, "bytes": [52], "top_logprobs": top]]]
        let response = try await answer(["content": "4"], ["logprobs": logprobs], ["logprobs": 2])
        #expect(response.logprobs?.first?.topLogprobs.map(\.bytes) == [[52], [195, 169]])
    }
}
