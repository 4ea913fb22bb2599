import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("Why answers end")
struct FinishReasonTests {
    private func answer(_ reason: JSONValue, stopReason: JSONValue = .null, streams: Bool) async throws(ProviderError) -> ChatResponse {
        let choice: JSONObject = ["index": 0, "finish_reason": reason, "stop_reason": stopReason]
        var (whole, last) = (choice, choice)
        whole["message"] = ["role": "assistant", "content": "Once upon"]
        last["delta"] = [:]
        let exchange: ScriptedExchange =
            streams
            ? .events([chatChunk(["content": "Once upon"]), JSONValue.object(["choices": [.object(last)]]).text, "[DONE]"])
            : .json(["choices": [.object(whole)]])
        let provider: VLLMProvider
        do {
            provider = try VLLMProvider(
                ["use_completions": false, "use_streaming": .bool(streams)], transport: ScriptedTransport([exchange]))
        } catch { throw ProviderError(.other, "\(error)") }
        return try await provider.ask("Tell me a story.")
    }

    @Test(
        "are told in the contract's words, and the server's own word is kept",
        arguments: [
            ("stop", "stop"), ("length", "length"), ("abort", "abort"), ("repetition", "repetition"), ("content_filter", "content_filter"),
            ("function_call", "stop"), ("tool_calls", "stop"), ("out_of_luck", "out_of_luck"),
        ], [true, false])
    func words(reason: (raw: String, told: String), streams: Bool) async throws {
        let response = try await answer(.string(reason.raw), streams: streams)
        #expect(response.finishReason == reason.told)
        #expect(response.metadata?["vllm:finish_reason"] == .string(reason.raw))
        // What was cut is a partial answer and no error.
        #expect(response.text == "Once upon")
    }

    @Test("what stopped the model is kept: a text, a token's id, also 0; null is nothing", arguments: [true, false])
    func stopReasons(streams: Bool) async throws {
        for reason: JSONValue in ["###", 0, 151_643] {
            #expect(try await answer("stop", stopReason: reason, streams: streams).metadata?["vllm:stop_reason"] == reason)
        }
        #expect(try await answer("stop", streams: streams).metadata?["vllm:stop_reason"] == nil)
    }

    @Test("a server that says it failed is an error that carries what had come", arguments: [true, false])
    func failure(streams: Bool) async {
        let error = await thrown { () async throws(ProviderError) in _ = try await answer("error", streams: streams) }
        #expect(error?.code == .stream)
        #expect(error?.isRetryable == true)
        #expect(error?.partialResponse?.text == "Once upon")
    }

    @Test("an answer that an operator aborted is a partial one with the finish reason abort")
    func aborted() async throws {
        let response = try await Recording("full_chat_aborted").provided()
        #expect(response.finishReason == "abort")
        #expect(response.metadata?["vllm:finish_reason"] == "abort")
        #expect(!response.content.isEmpty)
    }

    @Test("the only call of OpenAI's older API is a call as any other", arguments: [true, false])
    func functionCall(streams: Bool) async throws {
        let call: JSONValue = ["name": "f", "arguments": "{\"x\": 1}"]
        let exchange: ScriptedExchange =
            streams
            ? .chat(
                [["function_call": ["name": "f", "arguments": ""]], ["function_call": ["arguments": "{\"x\": 1}"]]],
                finishReason: "function_call")
            : .json(["choices": [["index": 0, "message": ["content": .null, "function_call": call], "finish_reason": "function_call"]]])
        let provider = try VLLMProvider(
            ["use_completions": false, "use_streaming": .bool(streams)], transport: ScriptedTransport([exchange]))
        let response = try await provider.ask("Hi")
        #expect(response.toolCalls?.map(\.name) == ["f"])
        #expect(response.toolCalls?.first?.arguments == ["x": 1])
        #expect(response.finishReason == "tool_calls")
        #expect(response.metadata?["vllm:finish_reason"] == "function_call")
        #expect(response.metadata?["vllm:function_call"] == nil)
    }

    @Test("of several choices of which only the second comes, its finish reason is told")
    func secondChoiceAlone() async throws {
        let events = [
            chatChunk(["content": "Tails"], index: 1), chatChunk([:], finishReason: "length", index: 1), "[DONE]",
        ]
        let provider = try VLLMProvider(["use_completions": false], transport: ScriptedTransport([.events(events)]))
        let response = try await provider.ask("Heads or tails?", options: ["n": 2])
        #expect(response.finishReason == "length")
        #expect(response.metadata?["vllm:choices"]?[0]?["index"] == 1)
        #expect(response.metadata?["vllm:choices"]?[0]?["finish_reason"] == "length")
    }

    @Test("a call of a named tool ends in tool_calls, though vLLM says stop", arguments: ["tool_named", "tool_named_stream"])
    func namedTool(name: String) async throws {
        let response = try await Recording(name).provided()
        #expect(response.finishReason == "tool_calls")
        #expect(response.metadata?["vllm:finish_reason"] == "stop")
    }
}
