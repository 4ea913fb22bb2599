import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("Answers that real servers gave")
struct RecordedAnswerTests {
    private func response(
        _ bytes: [UInt8], batchSize: Int?, _ settings: JSONObject, tools: Bool = false
    ) async throws -> ChatResponse {
        let answer = try ScriptedExchange(recording: bytes, batchSize: batchSize)
        let transport = ScriptedTransport.completions(answer)
        var request = ChatRequest(messages: [.user("Hi")])
        if tools { request.tools = Dialogue.tools.map(ToolSpec.init(openAI:)) }
        return try await VLLMProvider(settings, transport: transport).complete(request)
    }

    /// The answer without what is random.
    private func shape(_ response: ChatResponse) -> JSONValue {
        var response = response
        response.metadata = nil
        response.usage = nil
        response.content = response.content.map { block in
            guard case .toolCall(var call) = block else { return block }
            call.id = ""
            return .toolCall(call)
        }
        response.toolCalls = nil
        return response.json
    }

    /// Streams and the answers in one piece to the same request.
    static let pairs = [
        ("chat_reasoning_stream", "chat_reasoning"), ("chat_stream", "chat_plain"),
        ("chat_no_thinking_stream", "chat_no_thinking"), ("chat_unicode_stream", "chat_unicode"), ("tool_auto_stream", "tool_auto"),
        ("tool_parallel_stream", "tool_parallel"), ("tool_no_arguments_stream", "tool_no_arguments"),
        ("tool_required_stream", "tool_required"), ("bare_chat_stream", "bare_chat"),
        ("chat_length_in_reasoning_stream", "chat_length_in_reasoning"),
        ("chat_include_reasoning_false_stream", "chat_include_reasoning_false"),
    ]

    @Test("a recorded chat says the same streamed, however its bytes are split, and in one piece", arguments: pairs)
    func chat(stream: String, whole: String) async throws {
        let settings: JSONObject = ["use_completions": false]
        let streamed = try Recording(stream).responseBytes
        let expected = try await shape(
            response(
                try Recording(whole).responseBytes, batchSize: nil, ["use_completions": false, "use_streaming": false]))
        for batchSize in [nil, 1, 2, 7, 100] {
            #expect(try await shape(response(streamed, batchSize: batchSize, settings)) == expected)
        }
    }

    @Test(
        "thoughts that a server without a reasoning parser left in the text are told apart", arguments: ["bare_chat", "bare_chat_stream"])
    func bareThinking(name: String) async throws {
        let settings: JSONObject = ["use_completions": false, "use_streaming": .bool(name.hasSuffix("stream"))]
        let response = try await response(try Recording(name).responseBytes, batchSize: nil, settings)
        #expect(response.content == [.thinking(ThinkingBlock("2+2 is 4.", visibility: .internal)), .text(TextBlock("4"))])
    }

    @Test("reasoning is read under both of its names", arguments: ["reasoning", "reasoning_content"], [true, false])
    func reasoningNames(name: String, streams: Bool) async throws {
        let message: JSONObject = [name: "Hm.", "content": "4"]
        let exchange: ScriptedExchange =
            streams
            ? .chat([[name: "Hm."], ["content": "4"]])
            : .json(["choices": [["index": 0, "message": .object(message), "finish_reason": "stop"]]])
        let settings: JSONObject = ["use_completions": false, "use_streaming": .bool(streams)]
        let response = try await VLLMProvider(settings, transport: ScriptedTransport([exchange])).ask("Hi")
        #expect(response.content == [.thinking(ThinkingBlock("Hm.", visibility: .internal)), .text(TextBlock("4"))])
    }

    @Test("an answer with a server's own reasoning keeps <think> in its text")
    func textIsText() async throws {
        let transport = ScriptedTransport([.chat([["reasoning": "Hm."], ["content": "<think>"], ["content": " is a tag"]])])
        let response = try await VLLMProvider(["use_completions": false], transport: transport).ask("Hi")
        #expect(response.text == "<think> is a tag")
    }

    /// Texts of completions with the answer that the dialogue teaches.
    static let taught = Dialogue.all.flatMap { dialogue in
        dialogue.turns.compactMap { if case .assistant(let answer) = $0 { answer } else { nil } }
    }

    @Test("the markup of a completion means the same however its text is cut into chunks")
    func cutMarkup() async throws {
        for answer in Self.taught.filter({ !$0.calls.isEmpty || $0.text.count < 40 }) {
            let calls = answer.calls.map { call in
                let json: JSONValue = ["name": .string(call.name), "arguments": .object(call.arguments)]
                return "<tool_call>\n\(json.text)\n</tool_call>"
            }
            let said = ((answer.text.isEmpty ? [] : [answer.text]) + calls).joined(separator: "\n")
            let raw = Array("<think>\n\(answer.thought)\n</think>\n\n\(said)".unicodeScalars)
            for size in [1, 2, 3, 5, raw.count] {
                let texts = stride(from: 0, to: raw.count, by: size).map { start in
                    raw[start..<min(start + size, raw.count)].reduce(into: "") { $0.unicodeScalars.append($1) }
                }
                let transport = ScriptedTransport.completions(.completion(texts))
                let request = ChatRequest(messages: [.user("Hi")], tools: Dialogue.tools.map(ToolSpec.init(openAI:)))
                let response = try await VLLMProvider(transport: transport).complete(request)
                #expect(response.thinking == answer.thought)
                #expect(response.text == answer.text)
                #expect((response.toolCalls ?? []).map { Dialogue.Call(name: $0.name, arguments: $0.arguments) } == answer.calls)
                #expect(response.finishReason == (answer.calls.isEmpty ? "stop" : "tool_calls"))
            }
        }
    }

    @Test("a call that a completion's token limit cuts is no call, but its text is kept")
    func cutCall() async throws {
        let text = "Wait. <tool_call>\n{\"name\": \"f\", \"arguments\": {\"city\": \"Ro"
        let transport = ScriptedTransport.completions(.completion([text], finishReason: "length"))
        let request = ChatRequest(messages: [.user("Hi")], tools: Dialogue.tools.map(ToolSpec.init(openAI:)))
        let response = try await VLLMProvider(transport: transport).complete(request)
        #expect(response.text == "Wait. ")
        #expect(response.toolCalls == nil)
        #expect(response.finishReason == "length")
        let incomplete = response.metadata?["incomplete_tool_calls"]?[0]
        #expect(incomplete?["name"] == "f")
        #expect(incomplete?["raw_arguments"] == "{\"city\": \"Ro")
    }

    @Test("a call without its closing tag at the end of the answer is a call")
    func unclosedCall() async throws {
        let transport = ScriptedTransport.completions(.completion(["<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n"]))
        let request = ChatRequest(messages: [.user("Hi")], tools: Dialogue.tools.map(ToolSpec.init(openAI:)))
        let response = try await VLLMProvider(transport: transport).complete(request)
        #expect(response.toolCalls?.map(\.name) == ["f"])
        #expect(response.finishReason == "tool_calls")
    }

    @Test(
        "recorded completions are read, streamed and not",
        arguments: ["completion_plain", "completion_stream", "completion_logprobs", "completion_logprobs_stream"])
    func completions(name: String) async throws {
        let response = try await response(
            try Recording(name).responseBytes, batchSize: name.hasSuffix("stream") ? 3 : nil,
            ["use_streaming": .bool(name.hasSuffix("stream"))])
        #expect(!response.text.isEmpty)
        #expect(response.finishReason != nil)
        #expect((response.logprobs != nil) == name.contains("logprobs"))
        #expect(response.metadata?["vllm:response_id"]?.string?.hasPrefix("cmpl-") == true)
    }
}
