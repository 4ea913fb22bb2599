import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

/// What real vLLM servers do that breaks a naive client, by the numbers of the list that was made of it: requests, answers, and the errors
/// in them. What concerns connections is in `WireFailureTests`.
@Suite("Surprises of vLLM's wire, handled here", .timeLimit(.minutes(2)))
struct WireSurpriseTests {
    private static let chat: JSONObject = ["use_completions": false]
    private static let tools = Dialogue.tools.map(ToolSpec.init(openAI:))

    private func request(tools: Bool) -> ChatRequest { ChatRequest(messages: [.user("Hi")], tools: tools ? Self.tools : nil) }

    /// The answer that a recording holds, by either endpoint, in the way it was sent.
    private func answer(_ name: String, tools: Bool = false) async throws -> ChatResponse {
        let provider = try provider(name)
        return try await provider.complete(request(tools: tools))
    }

    private func error(_ name: String) async throws -> ProviderError? {
        let provider = try provider(name)
        return await thrown { () throws(ProviderError) in _ = try await provider.complete(request(tools: false)) }
    }

    private func provider(_ name: String) throws -> VLLMProvider {
        let recording = try Recording(name)
        let transport = ScriptedTransport.completions(try ScriptedExchange(recording: recording.responseBytes, batchSize: 11))
        return try VLLMProvider(
            [
                "use_completions": .bool(recording.entry.path == "/v1/completions"),
                "use_streaming": .bool(recording.entry.contentType?.hasPrefix("text/event-stream") ?? name.contains("stream")),
            ], transport: transport)
    }

    /// The answer to a message, or a chat stream's deltas, that stand here.
    private func answer(message: JSONObject, finishReason: JSONValue = "stop", tools: Bool = false) async throws -> ChatResponse {
        let whole = ScriptedExchange.json(["choices": [["index": 0, "message": .object(message), "finish_reason": finishReason]]])
        let provider = try VLLMProvider(["use_completions": false, "use_streaming": false], transport: ScriptedTransport([whole]))
        return try await provider.complete(request(tools: tools))
    }

    @Test(
        "1: an error inside a stream of status 200 is an error, as the same without a stream is",
        arguments: ["overload_stream_bad_regex", "overload_stream_logprobs_too_many", "overload_stream_out_of_vocab"])
    func errorInStream(name: String) async throws {
        let error = try #require(try await error(name))
        #expect(error.code == .invalidRequest)
        #expect(!error.isRetryable)
    }

    @Test("2: a server that dies in the middle of an answer leaves a partial answer, though its stream ended properly")
    func dyingServer() async throws {
        for name in ["end_server_engine_stream", "end_server_sigterm_stream", "end_server_worker_stream"] {
            let error = try #require(try await error(name), "\(name)")
            #expect(error.code == .unavailable && error.isRetryable)
            #expect(error.partialResponse?.text.isEmpty == false)
        }
        #expect(try await error("end_server_engine_unary")?.code == .unavailable)
    }

    @Test(
        "3: a stream that just stops is an error with what came",
        arguments: ["end_server_sigkill_stream", "router_backend_killed_midstream"])
    func stoppingStream(name: String) async throws {
        let error = try #require(try await error(name))
        #expect(error.code == .stream || error.code == .network)
        #expect(error.partialResponse?.text.isEmpty == false)
    }

    @Test(
        "4, 5: errors are told by their status, whatever shape and type the body has",
        arguments: [
            (401, #"{"error":"Unauthorized"}"#, ProviderError.Code.authentication, "Unauthorized"),
            (404, #"{"detail":"Not Found"}"#, .notFound, "Not Found"),
            (400, #"{"detail":"There was an error parsing the body"}"#, .invalidRequest, "There was an error parsing the body"),
            (400, #"{"error":{"message":"bad","type":"Bad Request","code":400}}"#, .invalidRequest, "bad"),
            (400, #"{"error":{"message":"bad","type":"BadRequestError","code":400}}"#, .invalidRequest, "bad"),
            (400, #"{"object":"error","message":"bad","type":"x","code":400}"#, .invalidRequest, "bad"),
            (503, #"{"error":{"message":"busy","type":"Service Unavailable","code":503}}"#, .unavailable, "busy"),
        ])
    func errorShapes(status: Int, body: String, code: ProviderError.Code, text: String) async throws {
        let transport = ScriptedTransport([ScriptedExchange(status: status, body: body)])
        let error = try #require(await VLLMProvider(Self.chat, transport: transport).failure())
        #expect(error.code == code)
        #expect(error.message.contains(text))
    }

    @Test("6: the line breaks around reasoning and answer are no part of them", arguments: ["chat_reasoning", "chat_reasoning_stream"])
    func leadingNewlines(name: String) async throws {
        let response = try await answer(name)
        let message = try Recording("chat_reasoning").responseJSON()["choices"]?[0]?["message"]
        let (thinking, text) = (try #require(message?["reasoning"]?.string), try #require(message?["content"]?.string))
        #expect(thinking.hasPrefix("\n") && text.hasPrefix("\n\n"))
        let expected = [thinking, text].map { String($0.drop { $0 == "\n" }.reversed().drop { $0 == "\n" }.reversed()) }
        #expect([response.thinking, response.text] == expected)
        #expect(response.content.count == 2)
    }

    @Test("7: line breaks before a tool call make no block, streamed or not", arguments: ["tool_auto", "tool_auto_stream"])
    func blankBeforeCall(name: String) async throws {
        let response = try await answer(name, tools: true)
        #expect(response.content.map { $0.text == nil } == [true, true])
        #expect(response.toolCalls?.count == 1)
    }

    @Test("8: a forced call ends with tool_calls, though the server says stop", arguments: ["tool_named", "tool_named_stream"])
    func forcedCall(name: String) async throws {
        let response = try await answer(name, tools: true)
        #expect(response.finishReason == "tool_calls")
        #expect(response.metadata?["vllm:finish_reason"] == "stop")
        #expect(response.content.allSatisfy { $0.text == nil })
    }

    @Test("9: a call without arguments is one", arguments: ["tool_no_arguments", "tool_no_arguments_stream"])
    func noArguments(name: String) async throws {
        #expect(try await answer(name, tools: true).toolCalls?.map(\.arguments) == [[:]])
    }

    @Test("10: a call that the token limit cut is no call, and its text is kept", arguments: [true, false])
    func cutCall(streams: Bool) async throws {
        let response =
            streams
            ? try await answer("tool_cut_by_length_stream", tools: true)
            : try await answer(
                message: ["content": "\n\n<tool_call>\n{\"name\": \"get_weather\", \"argu", "reasoning": "Hm."], finishReason: "length",
                tools: true)
        #expect(response.toolCalls == nil)
        #expect(response.finishReason == "length")
        // vLLM swallows the markup of a stream (0.32): nothing of the call is left.
        let kept = response.metadata?["incomplete_tool_calls"]?[0]
        #expect(kept?["name"] == (streams ? nil : "get_weather"))
        #expect(kept?["raw_arguments"] == (streams ? nil : "\n{\"name\": \"get_weather\", \"argu"))
        #expect(response.content.count == 1)
        #expect(response.thinking == (streams ? "I need a tool for this." : "Hm."))
    }

    @Test("11: an empty list of tools is not sent, and the refusal of a server without a tool parser says what to do")
    func tools() async throws {
        let provider = try VLLMProvider(Self.chat, transport: ScriptedTransport([]))
        let body = try provider.plannedRequests(ChatRequest(messages: [.user("Hi")], tools: [])).last?.body
        #expect(body?["tools"] == nil && body?["tool_choice"] == nil)
        let error = try await error("bare_tool_auto")
        #expect(error?.hint?.contains("--enable-auto-tool-choice --tool-call-parser") == true)
    }

    @Test("12: with tool_choice none, the markup that the model writes nevertheless is text")
    func noToolChoice() async throws {
        let provider = try provider("tool_none")
        var request = request(tools: true)
        request.toolChoice = "none"
        let response = try await provider.complete(request)
        #expect(response.toolCalls == nil)
        #expect(response.text.contains("<tool_call>"))
        #expect(response.finishReason == "stop")
    }

    @Test(
        "13: an answer that was cut inside its thought is that thought",
        arguments: ["chat_length_in_reasoning", "chat_length_in_reasoning_stream"])
    func cutThought(name: String) async throws {
        let response = try await answer(name)
        #expect(response.finishReason == "length")
        #expect(response.content.count == 1 && response.thinking.isEmpty == false)
    }

    @Test(
        "14: thoughts that a server without a reasoning parser leaves in the text are told apart",
        arguments: ["bare_chat", "bare_chat_stream"])
    func bareThinking(name: String) async throws {
        let response = try await answer(name)
        #expect(response.content == [.thinking(ThinkingBlock("2+2 is 4.", visibility: .internal)), .text(TextBlock("4"))])
    }

    @Test("15: constraints that a completion would ignore are asked of chat, and the answer says so")
    func constrainedCompletion() async throws {
        let simulator = try DialogueTests.simulator.get()
        let provider = try VLLMProvider(["use_completions": true, "temperature": 0], of: simulator)
        let response = try await provider.ask("What is 2+2?", options: ["structured_outputs": ["choice": ["4", "5"]]])
        #expect(response.text == "4")
        #expect(response.degradation?.actual == "use_completions: false")
    }

    @Test("16: a constrained answer is read as it is", arguments: ["structured_json", "structured_json_stream"])
    func constrainedAnswer(name: String) async throws {
        #expect(try JSONValue(parsing: try await answer(name).text)["name"] == "Alice")
    }

    @Test("17: an option that nobody knows is an error, since the server would ignore it")
    func unknownOption() async throws {
        let provider = try VLLMProvider(Self.chat, transport: ScriptedTransport([]))
        let error = await provider.failure(options: ["temprature": 0])
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.contains("temprature") == true)
    }

    @Test(
        "18: what stopped an answer is kept: a text, a token id, also 0, or nothing",
        arguments: [
            ("\"Mars\"", JSONValue.string("Mars")), ("18", 18), ("0", 0), ("null", nil),
        ] as [(String, JSONValue?)])
    func stopReason(json: String, expected: JSONValue?) async throws {
        let body = #"{"choices":[{"index":0,"message":{"content":"Hm"},"finish_reason":"stop","stop_reason":\#(json)}]}"#
        let transport = ScriptedTransport([ScriptedExchange(headers: ["content-type": "application/json"], body: body)])
        let response = try await VLLMProvider(["use_completions": false, "use_streaming": false], transport: transport).ask("Hi")
        #expect(response.metadata?["vllm:stop_reason"] == expected)
    }

    @Test("19: log-probabilities of characters that are split over tokens are all there, and the text is whole")
    func splitCharacters() async throws {
        let response = try await answer("chat_logprobs_emoji")
        let recorded = try Recording("chat_logprobs_emoji").responseJSON()["choices"]?[0]
        let raw = try #require(recorded?["logprobs"]?["content"]?.array)
        #expect(response.logprobs?.map(\.logprob) == raw.compactMap { $0["logprob"]?.double })
        #expect(!response.text.contains("\u{FFFD}"))
    }

    @Test("20: tokens are counted by the server, not by events", arguments: ["chat_stream_interval", "chat_stream_usage"])
    func tokenCount(name: String) async throws {
        let last = try #require(try Recording(name).events.dropLast().last.map { try JSONValue(parsing: $0) })
        let response = try await answer(name)
        #expect(response.usage?.outputTokens == last["usage"]?["completion_tokens"]?.int)
    }

    @Test("21: the chunk of the role and that of the usage, which has no choice, make no block")
    func chunksWithoutText() async throws {
        let usage = #"{"id":"x","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#
        let role = chatChunk(["role": "assistant", "content": ""])
        let events = [role, chatChunk(["content": "4"]), chatChunk([:], finishReason: "stop"), usage, "[DONE]"]
        let response = try await VLLMProvider(Self.chat, transport: ScriptedTransport([.events(events)])).ask("Hi")
        #expect(response.content == [.text(TextBlock("4"))])
        #expect(response.usage?.inputTokens == 3)
    }

    @Test(
        "23: comments that keep a stream alive are no part of the answer",
        arguments: ["bare_keep_alive_stream", "bare_keep_alive_completion"])
    func keepAlive(name: String) async throws {
        let response = try await answer(name)
        #expect(!response.text.isEmpty && !response.text.contains("keep-alive"))
    }

    @Test("25: the provider's own priority is never sent; the server's is request_priority")
    func priority() throws {
        let provider = try VLLMProvider(["use_completions": false, "priority": 5], transport: ScriptedTransport([]))
        func body(_ options: JSONObject) throws -> JSONValue? {
            try provider.plannedRequests(ChatRequest(messages: [.user("Hi")]), options: options).last?.body
        }
        #expect(try body([:])?["priority"] == nil)
        #expect(try body(["request_priority": -3])?["priority"] == -3)
    }

    @Test("27: the host's name for a call is the server's: in X-Request-Id and in the answer's id")
    func requestID() async throws {
        let provider = try VLLMProvider(["use_completions": false, "temperature": 0], of: try DialogueTests.simulator.get())
        var request = ChatRequest(messages: [.user("What is 2+2?")])
        request.metadata = ["request_id": "call-17"]
        #expect(try await provider.complete(request).metadata?["vllm:response_id"] == "chatcmpl-call-17")
    }

    @Test("31: what a router says in plain text is in the error", arguments: ["router_err_json", "router_dead_chat"])
    func routerError(name: String) async throws {
        let body = try #require(try Recording(name).response?.text)
        let error = try #require(try await error(name))
        #expect(error.message.contains(body.prefix(40)))
    }
}
