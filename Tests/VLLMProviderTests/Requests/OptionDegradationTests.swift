import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("What is done in place of what was asked")
struct OptionDegradationTests {
    private static let tool = ToolSpec(name: "f", parameters: ["type": "object"])
    private static let byChat: JSONObject = ["requested": "use_completions: true", "actual": "use_completions: false"]

    /// The degradation of an answer, and the paths that were asked.
    private func degradation(
        _ settings: JSONObject = [:], options: JSONObject, tools: [ToolSpec]? = nil
    ) async throws -> (json: JSONValue?, paths: [String]) {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            let isStreamed = request.headers["accept"] == "text/event-stream"
            let choice: JSONValue = ["index": 0, "message": ["content": "{}"], "text": "{}", "finish_reason": "stop"]
            switch request.path {
            case "/tokenize": return .json(["tokens": [1], "count": 1])
            case "/detokenize": return .json(["prompt": ""])
            case "/version": return .json(["version": "0.32.0"])
            case "/v1/completions": return isStreamed ? .completion(["{}"]) : .json(["choices": [choice]])
            default: return isStreamed ? .chat([["content": "{}"]]) : .json(["choices": [choice]])
            }
        })
        var request = ChatRequest(messages: [.user("Hi")], tools: tools)
        request.stream = true
        let response = try await VLLMProvider(settings, transport: transport).complete(request, options: options)
        return (response.degradation?.json, transport.requests.map(\.path).filter { $0.hasPrefix("/v1/") })
    }

    @Test(
        "a completion that could not do it is a chat, and the answer says so",
        arguments: [
            (["structured_outputs": ["regex": "[{}]+"]], "a completion's answer is not held to a shape while the model reasons"),
            (
                ["extra_body": ["structured_outputs": ["regex": "[{}]+"]]],
                "a completion's answer is not held to a shape while the model reasons"
            ),
            (["response_format": "json"], "a completion's answer is not held to a shape while the model reasons"),
            (["parallel_tool_calls": false], "a completion cannot be held to one tool call"),
            (["tool_choice": "f"], "a completion cannot be made to call a tool"),
        ] as [(JSONObject, String)])
    func byChat(options: JSONObject, reason: String) async throws {
        let (json, paths) = try await degradation(options: options, tools: [Self.tool])
        #expect(json == .object(Self.byChat.merging(["reason": .string(reason)])))
        #expect(paths == ["/v1/chat/completions"])
    }

    @Test("a server that is no vLLM renders no prompts, so it is asked by chat, unless the prompt is plain")
    func otherServer() async throws {
        let (json, paths) = try await degradation(["dialect": "openai"], options: [:])
        #expect(json == .object(Self.byChat.merging(["reason": "only vLLM renders the prompt of a completion"])))
        #expect(paths == ["/v1/chat/completions"])
        let plain = try await degradation(["dialect": "openai", "prompt_format": "plain"], options: [:])
        #expect(plain.json == nil)
        #expect(plain.paths == ["/v1/completions"])
    }

    @Test("with prompt_logprobs the answer comes in one piece, on both endpoints", arguments: ["chat", "completions"], [-1, 0, 1])
    func promptLogprobs(endpoint: String, count: Int) async throws {
        let (json, _) = try await degradation(
            ["use_completions": .bool(endpoint == "completions")], options: ["prompt_logprobs": .integer(count)])
        #expect(
            json == [
                "requested": "use_streaming: true", "actual": "use_streaming: false",
                "reason": "the server tells prompt_logprobs only with an answer in one piece",
            ])
    }

    @Test("a plain prompt has no use for what only a chat template heeds")
    func plain() async throws {
        let (json, _) = try await degradation(
            ["prompt_format": "plain"], options: ["enable_thinking": false, "reasoning_effort": "low", "seed": 1])
        #expect(
            json == [
                "requested": "enable_thinking, reasoning_effort", "actual": "no enable_thinking, reasoning_effort",
                "reason": "a prompt in the format plain is made without a chat template",
            ])
    }

    @Test("include_reasoning: false leaves thoughts out also where they are markup in the text", arguments: CallMode.all)
    func withoutReasoning(mode: CallMode) async throws {
        let text = "<think>\nsecret thought\n</think>\n\n4"
        let said: JSONObject = mode.endpoint == "chat" ? ["message": ["content": .string(text)]] : ["text": .string(text)]
        let choice = JSONValue.object(said.with(["index": 0, "finish_reason": "stop"]))
        let transport = ScriptedTransport.completions(
            mode.streams
                ? (mode.endpoint == "chat" ? .chat([["content": .string(text)]]) : .completion([text])) : .json(["choices": [choice]]))
        let provider = try VLLMProvider(mode.settings, transport: transport)
        let response = try await provider.ask("Hi", options: ["include_reasoning": false])
        #expect(response.text == "4")
        #expect(response.thinking.isEmpty)
        #expect(!response.json.text.contains("secret"))
    }
}

extension JSONObject {
    fileprivate func merging(_ other: JSONObject) -> JSONObject {
        var object = self
        object.merge(other)
        return object
    }
}
