import Configuration
import HTTPTransport
import JSON
import Locks
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

/// What Amplifier's own vLLM module gets wrong, by the letters of the list that was made of it: each is right here.
@Suite("Defects of other providers, handled here", .timeLimit(.minutes(2)))
struct PeerDefectTests {
    private static let weather = ToolSpec(name: "get_weather", parameters: ["type": "object"])

    private static func call(arguments: String) -> JSONObject {
        let function: JSONValue = ["name": "get_weather", "arguments": .string(arguments)]
        return ["tool_calls": [["index": 0, "id": "call_REAL", "type": "function", "function": function]]]
    }

    @Test("a: a tool call has the id that the server gave it, and its result goes back under that id")
    func toolCallID() async throws {
        let transport = ScriptedTransport([
            .chat([Self.call(arguments: "{}")], finishReason: "tool_calls"), .chat([["content": "Sunny."]]),
        ])
        let provider = try VLLMProvider(["use_completions": false], transport: transport)
        var request = ChatRequest(messages: [.user("Weather?")], tools: [Self.weather])
        let first = try await provider.complete(request)
        #expect(first.toolCalls?.map(\.id) == ["call_REAL"])
        request.messages += [
            Message(role: .assistant, content: .blocks(first.content)), Message(role: .tool, content: "sunny", toolCallID: "call_REAL"),
        ]
        _ = try await provider.complete(request)
        let sent = try #require(try transport.bodies("/v1/chat/completions").last?["messages"]?.array)
        #expect(sent[1]["tool_calls"]?[0]?["id"] == "call_REAL")
        #expect(sent[2]["tool_call_id"] == "call_REAL")
    }

    @Test("b: malformed arguments are an error that carries them, and never an empty object")
    func malformedArguments() async throws {
        let transport = ScriptedTransport([.chat([Self.call(arguments: "{\"city\": Rome")], finishReason: "tool_calls")])
        let provider = try VLLMProvider(["use_completions": false], transport: transport)
        let error = await thrown { () throws(ProviderError) in
            _ = try await provider.complete(ChatRequest(messages: [.user("Weather?")], tools: [Self.weather]))
        }
        #expect(error?.code == .invalidToolCall)
        #expect(error?.details["raw_arguments"] == "{\"city\": Rome")
        #expect(error?.details["tool_name"] == "get_weather")
    }

    @Test("c: every answer has a finish reason", arguments: CallMode.all)
    func finishReason(mode: CallMode) async throws {
        let provider = try VLLMProvider(mode.settings, of: try DialogueTests.simulator.get())
        #expect(try await provider.ask("What is 2+2?").finishReason == "stop")
        #expect(try await provider.ask("What is 2+2?", options: ["max_tokens": 2]).finishReason == "length")
    }

    @Test("d: what a length has cut goes on with converted messages and all options, and its usage is that of all rounds")
    func continuation() async throws {
        func answer(_ text: String, _ reason: JSONValue, _ usage: JSONValue) -> ScriptedExchange {
            let choice: JSONValue = ["index": 0, "message": ["content": .string(text)], "finish_reason": reason]
            return .json(["id": "chatcmpl-1", "model": "m", "choices": [choice], "usage": usage])
        }
        let transport = ScriptedTransport([
            answer("It is", "length", ["prompt_tokens": 20, "completion_tokens": 2, "total_tokens": 22]),
            answer(" sunny.", "stop", ["prompt_tokens": 22, "completion_tokens": 3, "total_tokens": 25]),
        ])
        let call = ToolCallBlock(id: "call_1", name: "get_weather", input: ["city": "Rome"])
        let request = ChatRequest(
            messages: [
                Message(role: .system, content: .blocks([.text(TextBlock("Be brief."))])), .user("Weather?"),
                Message(role: .assistant, content: .blocks([.toolCall(call)])),
                Message(role: .tool, content: "sunny", toolCallID: "call_1"),
            ], tools: [Self.weather])
        let provider = try VLLMProvider(["use_completions": false, "use_streaming": false, "continuation": 1], transport: transport)
        let response = try await provider.complete(
            request, options: ["temperature": 0.5, "seed": 7, "stop": "END", "top_k": 3, "headers": ["X-Team": "a"]])
        #expect(response.text == "It is sunny.")
        #expect(response.usage?.inputTokens == 42)
        #expect(response.usage?.outputTokens == 5)
        #expect(response.usage?.totalTokens == 47)
        var bodies = try transport.bodies("/v1/chat/completions").compactMap(\.object)
        #expect(bodies.count == 2)
        let begun: JSONValue = ["role": "assistant", "content": "It is"]
        #expect(bodies[1]["messages"]?.array == (bodies[0]["messages"]?.array ?? []) + [begun])
        #expect(bodies[1]["continue_final_message"] == true)
        #expect(bodies[1]["add_generation_prompt"] == false)
        for key in ["messages", "continue_final_message", "add_generation_prompt"] {
            for index in bodies.indices { bodies[index].removeValue(forKey: key) }
        }
        #expect(bodies[0] == bodies[1])
        #expect(transport.requests.filter { $0.path == "/v1/chat/completions" }.allSatisfy { $0.headers["X-Team"] == "a" })
    }

    @Test(
        "e: every field of a request takes effect",
        arguments: [
            (["model": "other"], ["model": "other"]),
            (["tool_choice": "required"], ["tool_choice": "required"]),
            (["stop": ["END"]], ["stop": ["END"]]),
            (["top_p": 0.5], ["top_p": 0.5]),
            (["temperature": 0], ["temperature": .double(0)]),
            (["max_output_tokens": 7], ["max_tokens": 7]),
            (["response_format": ["type": "json"]], ["response_format": ["type": "json_object"]]),
            (["reasoning_effort": "low"], ["reasoning_effort": "low"]),
            (["stream": false], ["stream": nil]),
        ] as [(JSONObject, [String: JSONValue?])])
    func requestFields(fields: JSONObject, expected: [String: JSONValue?]) throws {
        var json: JSONObject = ["messages": [["role": "user", "content": "Hi"]], "tools": [Self.weather.json]]
        json.merge(fields)
        let provider = try VLLMProvider(["use_completions": false], transport: ScriptedTransport([]))
        let body = try #require(try provider.plannedRequests(ChatRequest(json: .object(json))).last?.body)
        for (key, value) in expected { #expect(body[key] == value) }
    }

    @Test("e: a request's conversation_id reaches the server, for routers that keep a conversation on one replica")
    func conversationID() throws {
        var request = ChatRequest(messages: [.user("Hi")])
        request.conversationID = "conversation-7"
        let provider = try VLLMProvider(["use_completions": false], transport: ScriptedTransport([]), sessionID: "session-1")
        let headers = try #require(try provider.plannedRequests(request).last?.headers)
        #expect(headers.first { $0.name.lowercased() == "x-session-id" }?.value == "conversation-7")
    }

    @Test("e: a request's timeout ends the call")
    func timeout() async throws {
        var request = ChatRequest(messages: [.user("Hi")])
        request.timeout = 0.05
        var options = VLLMSimulator.Options()
        options.respond = { $0.path == "/v1/chat/completions" ? SimulatedResponse(parts: [.hang]) : nil }
        let simulator = try VLLMSimulator(options: options)
        defer { simulator.stop() }
        let provider = try VLLMProvider(["use_completions": false], of: simulator)
        let error = await thrown { () throws(ProviderError) in _ = try await provider.complete(request) }
        #expect(error?.code == .timeout)
        #expect(error?.message.contains("within 0.05 s") == true)
    }

    @Test("e: images and system messages in blocks arrive")
    func blocks() throws {
        let image = ImageBlock(source: ["type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="])
        let request = ChatRequest(messages: [
            Message(role: .system, content: .blocks([.text(TextBlock("Be brief."))])),
            Message(role: .user, content: .blocks([.text(TextBlock("What is this?")), .image(image)])),
        ])
        let provider = try VLLMProvider(["use_completions": false], transport: ScriptedTransport([]))
        let messages = try #require(try provider.plannedRequests(request).last?.body?["messages"])
        #expect(messages[0]?["content"] == "Be brief.")
        #expect(messages[1]?["content"]?[1]?["image_url"]?["url"] == "data:image/png;base64,iVBORw0KGgo=")
    }

    @Test("f: settings in quotes count as what they mean: \"false\" is false, \"300\" a number")
    func quotedSettings() throws {
        let yaml = "base_url: http://s\nuse_streaming: \"false\"\nuse_completions: \"false\"\ntimeout: \"300\"\npriority: \"5\""
        let node = try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml")
        let provider = try VLLMProvider(configuration: node, transport: ScriptedTransport([]), context: ProviderContext())
        #expect(provider.priority == 5)
        let planned = try #require(try provider.plannedRequests(ChatRequest(messages: [.user("Hi")])).last)
        #expect(planned.body?["stream"] == nil)
        #expect(planned.url.hasSuffix("/v1/chat/completions"))
        #expect(planned.curlOptions.contains("300.0") || planned.curlOptions.contains("300"))
    }

    @Test("g: an answer of which something was shown is not begun again behind the host's back")
    func noSilentRestart() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.events([chatChunk(["content": "It is "])]), .chat([["content": "It is 4."]])])
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events)
        let error = try #require(await provider.failure())
        #expect(error.code == .stream)
        #expect(transport.requests.count == 1)
        #expect(Set(events.all.map { $0.data["request_id"]?.string }).count == 1)
        #expect(events.all.map(\.name).contains("llm:stream_aborted"))
    }

    @Test("h: cancelling ends a call whose server has fallen silent in the middle of its answer")
    func cancelledSilence() async throws {
        var options = VLLMSimulator.Options()
        options.respond = { request in
            request.path == "/v1/chat/completions" ? .events([chatChunk(["content": "It is so"])], ending: [.hang]) : nil
        }
        let simulator = try VLLMSimulator(options: options)
        defer { simulator.stop() }
        let provider = try VLLMProvider(["use_completions": false], of: simulator)
        let (shown, showing) = AsyncStream<Void>.makeStream()
        let task = Task { () -> ProviderError? in
            await thrown { () throws(ProviderError) in
                for try await event in provider.stream(ChatRequest(messages: [.user("Hi")])) {
                    if case .blockDelta = event { showing.yield() }
                }
            }
        }
        for await _ in shown { break }
        task.cancel()
        let error = await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.partialResponse?.text == "It is so")
    }

    @Test(
        "i: each failure has its own class, and names the model",
        arguments: [
            (.failing(TransportError(.connectionFailed, "refused")), "NetworkError"),
            (.events([chatChunk(["content": "Hm"])]), "StreamError"),
            (.failing(TransportError(.timeout, "too late")), "LLMTimeoutError"),
            (
                .json(["error": ["message": "You exceeded your current quota", "type": "insufficient_quota"]], status: 429),
                "QuotaExceededError"
            ),
            (.json(["error": ["message": "slow down"]], status: 429), "RateLimitError"),
        ] as [(ScriptedExchange, String)])
    func errorClasses(exchange: ScriptedExchange, className: String) async throws {
        let provider = try VLLMProvider(["use_completions": false], transport: ScriptedTransport([exchange]))
        let error = try #require(await provider.failure())
        #expect(error.code.className == className)
        #expect(error.model == "m")
    }

    @Test(
        "j: Retry-After is read in all its forms",
        arguments: [
            (["retry-after": "7"], 7), (["retry-after-ms": "1500"], 1.5), (["retry-after": "9", "retry-after-ms": "250"], 0.25),
            (["retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"], 0),
        ] as [(HTTPHeaders, Double)])
    func retryAfter(headers: HTTPHeaders, seconds: Double) async throws {
        let transport = ScriptedTransport([ScriptedExchange(status: 429, headers: headers, body: "slow down")])
        let error = try #require(await VLLMProvider(["use_completions": false], transport: transport).failure())
        #expect(error.retryAfter == .seconds(seconds))
    }

    @Test("k: what a host is told of the settings are those in force, not constants")
    func defaults() throws {
        let provider = try VLLMProvider(["max_tokens": 77, "timeout": 12], transport: ScriptedTransport([]))
        #expect(provider.info.defaults["max_tokens"] == 77)
        #expect(provider.info.defaults["timeout"]?.double == 12)
    }

    @Test("l: every event that a provider emits is in the list that it gives to the host's log")
    func eventNames() async throws {
        let events = EventCollector()
        let script = Guarded([
            ScriptedExchange.json(["detail": "busy"], status: 503),
            .chat([["content": "One"]], finishReason: "length"), .chat([["content": ", two."]]),
            .events([chatChunk(["content": "Hm"])]), .json(["detail": "no"], status: 400),
        ])
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/v1/models": .json(["data": [["id": "m", "max_model_len": 9000]]])
            case "/tokenize": .json(["tokens": [1], "count": 1])
            default: script.withLock { $0.removeFirst() }
            }
        })
        let settings: JSONObject = [
            "use_completions": false, "debug": true, "raw_debug": true, "continuation": true, "context_window": 10_000,
            "max_retries": 1, "min_retry_delay": 0,
            // One less than there will be.
            "requests_per_minute": 5, "queue_timeout": 0.01,
        ]
        let provider = try VLLMProvider(settings, transport: transport, events: events, tellsModels: true)
        // A call does not wait long for the server's models, of which the warning is.
        await provider.prepare()
        let calls = Message(role: .assistant, content: .blocks([.toolCall(ToolCallBlock(id: "c", name: "f", input: [:]))]))
        _ = try await provider.complete(ChatRequest(messages: [.user("Hi"), calls, .user("Go on.")]))
        for _ in 1...2 { _ = await provider.failure() }
        #expect(Set(events.all.map(\.name)) == Set(VLLMProvider.eventNames))
    }

    @Test("m: text that comes in many pieces is one block")
    func oneBlock() async throws {
        let transport = ScriptedTransport([.chat([["content": "One, "], ["content": "two, "], ["content": "three."]])])
        let response = try await VLLMProvider(["use_completions": false], transport: transport).ask("Count.")
        #expect(response.content == [.text(TextBlock("One, two, three."))])
    }
}
