import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("What is sent to the server")
struct RequestBodyTests {
    private static let settings: JSONObject = [
        "max_tokens": 64, "temperature": 0.5, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "seed": 7, "n": 2, "stop": ["END"],
        "presence_penalty": 0.1, "frequency_penalty": 0.2, "repetition_penalty": 1.1, "logprobs": 3, "reasoning_effort": "low",
        "chat_template_kwargs": ["enable_thinking": false], "extra_body": ["priority": 3, "min_tokens": 1],
    ]

    private static let sampling: JSONObject = [
        "temperature": 0.5, "top_p": 0.9, "top_k": 40, "min_p": 0.05, "seed": 7, "n": 2, "frequency_penalty": 0.2, "presence_penalty": 0.1,
        "repetition_penalty": 1.1, "stop": ["END"], "max_tokens": 64,
    ]

    private static let tool: ToolSpec = ToolSpec(name: "f", parameters: ["type": "object"], description: "does f")
    private static let sentTool: JSONValue = [
        "type": "function", "function": ["name": "f", "description": "does f", "parameters": ["type": "object"]],
    ]

    private func sent(_ settings: JSONObject, path: String, _ request: ChatRequest) async throws -> JSONObject {
        let answer: ScriptedExchange = .json([
            "id": "a", "model": "m",
            "choices": [["index": 0, "message": ["role": "assistant", "content": "4"], "text": "4", "finish_reason": "stop"]],
        ])
        let transport = ScriptedTransport.completions(answer)
        var settings = settings
        settings["use_streaming"] = false
        _ = try await VLLMProvider(settings, transport: transport).complete(request)
        let bodies = try transport.bodies(path)
        #expect(bodies.count == 1)
        return (bodies.first?.object ?? [:]).sortedByKey
    }

    @Test("to chat, every key of the configuration goes where vLLM reads it")
    func chat() async throws {
        var settings = Self.settings
        settings["use_completions"] = false
        let body = try await sent(settings, path: "/v1/chat/completions", ChatRequest(messages: [.user("Hi")], tools: [Self.tool]))
        var expected = Self.sampling
        expected.merge([
            "model": "m", "messages": [["role": "user", "content": "Hi"]], "tools": [Self.sentTool], "logprobs": true, "top_logprobs": 3,
            "reasoning_effort": "low", "chat_template_kwargs": ["enable_thinking": false], "priority": 3, "min_tokens": 1,
        ])
        #expect(body == expected.sortedByKey)
    }

    @Test("to completions, the template's settings go to /tokenize and the rest to the completion")
    func completions() async throws {
        let request = ChatRequest(messages: [.user("Hi")], tools: [Self.tool])
        let body = try await sent(Self.settings, path: "/v1/completions", request)
        var expected = Self.sampling
        expected.merge(["model": "m", "prompt": [1, 2, 3], "logprobs": 3, "priority": 3, "min_tokens": 1])
        #expect(body == expected.sortedByKey)
        let rendering = try await sent(Self.settings, path: "/tokenize", request)
        #expect(
            rendering
                == ([
                    "model": "m", "messages": [["role": "user", "content": "Hi"]], "tools": [Self.sentTool], "add_generation_prompt": true,
                    "chat_template_kwargs": ["reasoning_effort": "low", "enable_thinking": false],
                ] as JSONObject).sortedByKey)
    }

    @Test("what is not configured is left to the server", arguments: [true, false])
    func minimal(completions: Bool) async throws {
        let path = completions ? "/v1/completions" : "/v1/chat/completions"
        let body = try await sent(["use_completions": .bool(completions)], path: path, ChatRequest(messages: [.user("Hi")]))
        var expected: JSONObject = ["model": "m", "max_tokens": 1024, "temperature": 0.7]
        if completions { expected["prompt"] = [1, 2, 3] } else { expected["messages"] = [["role": "user", "content": "Hi"]] }
        #expect(body == expected.sortedByKey)
    }

    @Test("a streamed request asks for usage", arguments: [true, false])
    func streamed(completions: Bool) async throws {
        let transport = ScriptedTransport.completions(
            completions ? .completion(["4"]) : .chat([["content": "4"]]))
        _ = try await VLLMProvider(["use_completions": .bool(completions)], transport: transport).ask("Hi")
        let body = try JSONValue(parsing: transport.requests.last?.body ?? [])
        #expect(body["stream"] == true)
        #expect(body["stream_options"] == ["include_usage": true])
        #expect(transport.requests.last?.headers["accept"] == "text/event-stream")
    }

    @Test("max_tokens that is turned off leaves a completion all the room that the prompt leaves")
    func room() async throws {
        let body = try await sent(["extra_body": ["max_tokens": .null]], path: "/v1/completions", ChatRequest(messages: [.user("Hi")]))
        #expect(body["max_tokens"]?.isNull == true)
    }

    @Test("the request's fields come first, then the call's options, then the configuration")
    func precedence() async throws {
        let answers = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(
            ["use_completions": false, "temperature": 0.1, "max_tokens": 10, "top_p": 0.1, "stop": "a"], transport: answers)
        var request = ChatRequest(messages: [.user("Hi")])
        request.temperature = 0.3
        request.model = "request-model"
        request.timeout = 1000
        _ = try await provider.complete(
            request, options: ["temperature": 0.2, "max_tokens": 20, "model": "option-model", "stop": .null, "timeout": 2000])
        let body = try #require(try answers.bodies("/v1/chat/completions").first)
        #expect(body["temperature"] == 0.3)
        #expect(body["max_tokens"] == 20)
        #expect(body["top_p"] == 0.1)
        #expect(body["stop"] == ["a"])
        #expect(body["model"] == "request-model")
        #expect((answers.requests.first?.timeouts.total ?? .zero) <= .seconds(1000))
    }

    @Test("every field of the request counts")
    func requestFields() async throws {
        let answers = ScriptedTransport(answering: { _ throws(TransportError) in
            .json([
                "choices": [
                    ["index": 0, "message": ["content": "{}"], "finish_reason": "stop"]
                ]
            ])
        })
        var request = ChatRequest(messages: [.user("Hi")], tools: [Self.tool], model: "x")
        request.topP = 0.25
        request.maxOutputTokens = 9
        request.stop = ["s"]
        request.reasoningEffort = "high"
        request.toolChoice = "f"
        request.stream = false
        request.responseFormat = .jsonSchema(schema: ["title": "point", "type": "object"], strict: true)
        _ = try await VLLMProvider(["use_completions": false], transport: answers).complete(request)
        let body = try #require(try answers.bodies("/v1/chat/completions").first)
        #expect(body["top_p"] == 0.25)
        #expect(body["max_tokens"] == 9)
        #expect(body["stop"] == ["s"])
        #expect(body["reasoning_effort"] == "high")
        #expect(body["tool_choice"] == ["type": "function", "function": ["name": "f"]])
        #expect(body["stream"] == nil)
        #expect(
            body["response_format"] == [
                "type": "json_schema",
                "json_schema": ["name": "point", "schema": ["title": "point", "type": "object"], "strict": true],
            ])
    }

    @Test("metadata.stream false turns streaming off for the call")
    func metadataStream() async throws {
        let answers = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        var request = ChatRequest(messages: [.user("Hi")])
        request.metadata = ["stream": false]
        _ = try? await VLLMProvider(["use_completions": false], transport: answers).complete(request)
        #expect(try answers.bodies("/v1/chat/completions").first?["stream"] == nil)
    }

    @Test("a dry run plans the very requests that a call sends, and shows no key", arguments: CallMode.all)
    func planned(mode: CallMode) async throws {
        let transport = ScriptedTransport.completions(mode.endpoint == "chat" ? .chat([]) : .completion([]))
        var settings = mode.settings
        settings["api_key"] = "key-planted-1"
        let provider = try VLLMProvider(settings, transport: transport)
        let request = ChatRequest(messages: [.user("Hi")], tools: [Self.tool])
        let planned = try provider.plannedRequests(request)
        #expect(transport.requests.isEmpty)
        _ = try? await provider.complete(request)
        let sent = transport.requests.filter { $0.path != "/detokenize" }
        #expect(planned.map(\.url) == sent.map(\.url))
        #expect(planned.map(\.method) == sent.map(\.method))
        for (plan, request) in zip(planned, sent) {
            var body = try JSONValue(parsing: request.body ?? []).object
            if planned.count == 2, body?["prompt"] != nil { body?["prompt"] = [] }
            #expect(plan.body?.object == body)
            let names = plan.headers.map { $0.name.lowercased() }
            let sentNames = request.headers.map { $0.name.lowercased() }.filter { $0 != "x-request-id" }
            #expect(names == sentNames)
            let accept = plan.headers.first { $0.name == "Accept" }
            #expect(accept?.value == request.headers["accept"])
            #expect(!plan.headers.contains { $0.value.contains("planted") })
        }
        #expect(planned.first?.feeds == (planned.count == 2 ? "tokens" : nil))
    }
}
