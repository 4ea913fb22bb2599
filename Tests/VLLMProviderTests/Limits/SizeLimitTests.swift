import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

/// What a server may send too much of, each an error that names the setting, with what came before it.
@Suite("Limits of what a server sends", .timeLimit(.minutes(2)))
struct SizeLimitTests {
    private static let half = [chatChunk(["reasoning": "Hm."]), chatChunk(["content": "It is "])]

    /// The error of a streamed chat, and how many of its connections were closed before their end.
    private func failure(
        _ settings: JSONObject = [:], steps: [ScriptedExchange.Step]
    ) async throws -> (error: ProviderError, abandonedCount: Int) {
        let exchange = ScriptedExchange(headers: ["content-type": "text/event-stream"], steps: steps)
        let transport = ScriptedTransport([exchange])
        var configuration: JSONObject = ["use_completions": false]
        configuration.merge(settings)
        let provider = try VLLMProvider(configuration, transport: transport)
        return (try #require(await provider.failure()), transport.abandonedCount)
    }

    private func failure(_ settings: JSONObject = [:], events: [String]) async throws -> ProviderError {
        try await failure(settings, steps: events.map { .bytes(Array("data: \($0)\n\n".utf8)) }).error
    }

    private func expect(
        _ error: ProviderError, _ setting: String, _ limit: Int, _ message: String, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(error.code == .stream, sourceLocation: location)
        #expect(!error.isRetryable, sourceLocation: location)
        #expect(error.message == "\(message) (\(setting))", sourceLocation: location)
        #expect(error.hint == "raise \(setting) if such an answer is wanted", sourceLocation: location)
        #expect(error.details == ["setting": .string(setting), "limit": .integer(limit)], sourceLocation: location)
    }

    private static func call(_ index: Int, _ arguments: String = "{}", id: String? = nil) -> JSONObject {
        let function: JSONValue = ["name": "f", "arguments": .string(arguments)]
        return ["tool_calls": [["index": .integer(index), "id": .string(id ?? "c\(index)"), "type": "function", "function": function]]]
    }

    @Test("an endless line keeps what came before it, and closes the connection")
    func endlessLine() async throws {
        let line = Array(repeating: ScriptedExchange.Step.bytes([UInt8](repeating: 120, count: 1000)), count: 100)
        let start = Self.half.map { ScriptedExchange.Step.bytes(Array("data: \($0)\n\n".utf8)) }
        let (error, abandonedCount) = try await failure(["max_event_bytes": 5000], steps: start + line)
        expect(error, "max_event_bytes", 5000, "an event of the stream is larger than 5000 bytes")
        #expect(error.partialResponse?.thinking == "Hm.")
        #expect(error.partialResponse?.text == "It is")
        #expect(error.status == 200)
        #expect(abandonedCount == 1)
    }

    @Test(
        "a stream of nothing that means anything ends at its limit",
        arguments: [": keep-alive\n\n", "\n", ":\n", "data\n\n", "data: {\"choices\":[]}\n\n", "id: 1\n"])
    func endlessNothing(piece: String) async throws {
        let batch = ScriptedExchange.Step.bytes(Array(String(repeating: piece, count: 100).utf8))
        let settings: JSONObject = ["max_stream_bytes": 20_000]
        if piece.hasPrefix("data\n") {
            // An event without data is no JSON.
            #expect(try await failure(settings, steps: [batch]).error.code == .stream)
            return
        }
        let (error, abandonedCount) = try await failure(settings, steps: Array(repeating: batch, count: 300))
        expect(error, "max_stream_bytes", 20_000, "the stream is larger than 20000 bytes")
        #expect(abandonedCount == 1)
    }

    @Test("an answer in one piece that is too large", arguments: [true, false])
    func body(isStatusError: Bool) async throws {
        let long = JSONValue.string(String(repeating: "x", count: 10_000))
        let settings: JSONObject = [
            "use_completions": false, "use_streaming": false, "max_body_bytes": 5000, "max_error_body_bytes": 2000,
        ]
        let exchange = ScriptedExchange.json(["choices": [], "message": long], status: isStatusError ? 500 : 200)
        let error = try #require(await VLLMProvider(settings, transport: ScriptedTransport([exchange])).failure())
        guard isStatusError else { return expect(error, "max_body_bytes", 5000, "the response is larger than 5000 bytes") }
        // A refusal is one whatever its length.
        #expect(error.code == .unavailable)
        #expect(error.body?.utf8.count == 2000)
    }

    @Test("a head that is too large")
    func head() async throws {
        var response = SimulatedResponse(parts: [])
        response.headers = [("X-Long", String(repeating: "x", count: 3000))]
        let answer = response
        let simulator = try VLLMSimulator(options: .init(respond: { _ in answer }))
        defer { simulator.stop() }
        let error = try #require(await VLLMProvider(["max_header_bytes": 2000, "default_model": "m"], of: simulator).failure())
        expect(
            error, "max_header_bytes", 2000,
            "the header fields of the response from \(simulator.baseURL.dropFirst(7)) are larger than 2000 bytes")
    }

    @Test("a text, a thought, arguments and unknown fields without end end at the limit of the answer, and what came is kept")
    func answer() async throws {
        let piece = String(repeating: "x", count: 100)
        let pieces: [JSONObject] = [
            ["content": .string(piece)], ["reasoning": .string(piece)],
            ["tool_calls": [["index": 0, "id": "a", "function": ["name": "f", "arguments": .string("\"\(piece)")]]]],
        ]
        for delta in pieces {
            let error = try await failure(["max_answer_bytes": 1000], events: Array(repeating: chatChunk(delta), count: 100))
            expect(error, "max_answer_bytes", 1000, "the answer is larger than 1000 bytes")
            let kept = error.partialResponse.map { $0.text + $0.thinking + ($0.metadata?["incomplete_tool_calls"]?.text ?? "") } ?? ""
            #expect((800...1100).contains(kept.utf8.count))
        }
        let fields = (0..<100).map { "{\"choices\":[],\"field\($0)\":\"\(piece)\"}" }
        expect(
            try await failure(["max_answer_bytes": 1000], events: fields), "max_answer_bytes", 1000, "the answer is larger than 1000 bytes")
    }

    @Test("a field that every event repeats, or changes, is kept once")
    func repeatedField() async throws {
        let piece = String(repeating: "x", count: 100)
        let events = (0..<100).map { "{\"choices\":[],\"told\":\"\(piece)\",\"timing\":{\"step\":\($0)}}" }
        let transport = ScriptedTransport([.events(events + Self.half + [chatChunk([:], finishReason: "stop"), "[DONE]"])])
        let response = try await VLLMProvider(["use_completions": false, "max_answer_bytes": 1000], transport: transport).ask("Hi")
        #expect(response.metadata?["vllm:timing"] == ["step": 99])
        #expect(response.text == "It is ")
    }

    @Test("text and thought in turns make no more blocks than the limit allows")
    func blocks() async throws {
        let error = try await failure(["max_content_blocks": 10], events: Array(repeating: Self.half, count: 100).flatMap { $0 })
        expect(error, "max_content_blocks", 10, "the answer has more than 10 blocks")
        #expect(error.partialResponse?.content.count == 10)
    }

    @Test(
        "markup in one text makes no more blocks than the limit allows",
        arguments: ["\n<think>a</think>b\n", "<tool_call>{\"name\":\"f\"}</tool_call>"])
    func markupBlocks(markup: String) async throws {
        let settings: JSONObject = ["max_content_blocks": 10, "max_tool_calls": 20, "tool_call_parser": "hermes"]
        let transport = ScriptedTransport.completions(.completion([String(repeating: markup, count: 1000)]))
        let request = ChatRequest(messages: [.user("Hi")], tools: [ToolSpec(name: "f", parameters: ["type": "object"])])
        let provider = try VLLMProvider(settings, transport: transport)
        let error = try #require(await thrown { () async throws(ProviderError) in _ = try await provider.complete(request) })
        expect(error, "max_content_blocks", 10, "the answer has more than 10 blocks")
    }

    @Test("tool calls without end are an error behind those that came", arguments: [true, false])
    func toolCalls(hasOwnNumbers: Bool) async throws {
        // Some servers give all calls the same number, and another id to each.
        let events = (0..<100).map { chatChunk(Self.call(hasOwnNumbers ? $0 : 0, id: "c\($0)")) }
        let error = try await failure(["max_tool_calls": 5], events: events)
        #expect(error.details["setting"] == "max_tool_calls")
        #expect(error.hint == "raise max_tool_calls if such an answer is wanted")
        let calls = try #require(error.partialResponse?.toolCalls)
        // By the numbers alone it is not known yet that the last one was whole.
        #expect(calls.count == (hasOwnNumbers ? 4 : 5))
    }

    @Test("tool calls in one piece are counted, too")
    func wholeToolCalls() async throws {
        let calls = (0..<100).map { number -> JSONValue in
            ["id": .string("c\(number)"), "type": "function", "function": ["name": "f", "arguments": "{}"]]
        }
        let choice: JSONValue = ["index": 0, "message": ["content": .null, "tool_calls": .array(calls)], "finish_reason": "tool_calls"]
        let settings: JSONObject = ["use_completions": false, "use_streaming": false, "max_tool_calls": 5]
        let provider = try VLLMProvider(settings, transport: ScriptedTransport([.json(["choices": [choice]])]))
        let error = try #require(await provider.failure())
        expect(error, "max_tool_calls", 5, "the answer has a tool call of number 5")
    }

    @Test("the number of a tool call is no place in memory", arguments: [-1, -2_147_483_648, 1024, 2_147_483_647, Int.max, Int.min])
    func toolCallNumber(index: Int) async throws {
        let error = try await failure(events: Self.half + [chatChunk(Self.call(index))])
        #expect(error.code == .stream)
        #expect(!error.isRetryable)
        #expect(error.message.hasPrefix("the answer has a tool call of number \(index)"))
        #expect(error.partialResponse?.thinking == "Hm.")
    }

    @Test("arguments without end are an error with what came of them")
    func arguments() async throws {
        let more: JSONObject = ["tool_calls": [["index": 0, "function": ["arguments": .string(String(repeating: "x", count: 100))]]]]
        let events = [chatChunk(Self.call(0, "{\"a\": \""))] + Array(repeating: chatChunk(more), count: 100)
        let error = try await failure(["max_tool_argument_bytes": 1000], events: events)
        expect(error, "max_tool_argument_bytes", 1000, "the arguments of a call of the tool \"f\" are larger than 1000 bytes")
        let incomplete = error.partialResponse?.metadata?["incomplete_tool_calls"]?.array?.first
        #expect(incomplete?["raw_arguments"]?.string?.utf8.count == 907)
    }

    @Test("log-probabilities and token ids are counted")
    func logprobs() async throws {
        let candidate: JSONValue = ["token": "a", "logprob": -1, "bytes": [97]]
        let token: JSONValue = ["token": "a", "logprob": -1, "bytes": [97], "top_logprobs": [candidate, candidate]]
        let choices: [JSONValue] = [
            ["index": 0, "delta": ["content": "a"], "logprobs": ["content": [token]]],
            ["index": 0, "delta": ["content": "a"], "token_ids": [1, 2, 3]],
        ]
        for choice in choices {
            let chunk = (["choices": [choice]] as JSONValue).text
            let error = try await failure(["max_answer_logprobs": 30], events: Array(repeating: chunk, count: 100))
            expect(error, "max_answer_logprobs", 30, "the answer has more than 30 log-probabilities and token ids")
            #expect(error.partialResponse?.text == "aaaaaaaaaa")
            #expect(error.partialResponse?.logprobs?.count == (choice["logprobs"] == nil ? nil : 10))
        }
    }

    @Test("what choices say of their ends, and the texts of tokens, are counted")
    func reasonsAndTokens() async throws {
        let piece = JSONValue.string(String(repeating: "x", count: 100))
        let bytes = JSONValue.array(Array(repeating: 97, count: 100))
        let makers: [(Int) -> JSONObject] = [
            { ["index": .integer($0), "delta": [:], "finish_reason": "stop", "stop_reason": piece] },
            { ["index": .integer($0), "delta": [:], "finish_reason": piece] },
            { _ in ["index": 0, "delta": [:], "logprobs": ["content": [["token": piece, "logprob": -1]]]] },
            { _ in ["index": 0, "delta": [:], "logprobs": ["content": [["token": "a", "logprob": -1, "bytes": bytes]]]] },
            { _ in
                let candidate: JSONValue = ["token": piece, "logprob": -1]
                let token: JSONValue = ["token": "a", "logprob": -1, "top_logprobs": [candidate]]
                return ["index": 0, "delta": [:], "logprobs": ["content": [token]]]
            },
        ]
        for make in makers {
            let events = (0..<100).map { (["choices": [.object(make($0))]] as JSONValue).text }
            let error = try await failure(["max_answer_bytes": 5000], events: events)
            expect(error, "max_answer_bytes", 5000, "the answer is larger than 5000 bytes")
        }
    }

    @Test("the texts of the prompt's tokens are counted")
    func promptTokens() async throws {
        let text = JSONValue.string(String(repeating: "x", count: 100))
        let candidate: JSONValue = ["logprob": -1, "rank": 1, "decoded_token": text]
        let positions = Array(repeating: ["7": candidate] as JSONValue, count: 100)
        let choice: JSONValue = ["index": 0, "message": ["content": "4"], "finish_reason": "stop"]
        let answer: JSONValue = ["choices": [choice], "prompt_logprobs": .array(positions)]
        let settings: JSONObject = ["use_completions": false, "use_streaming": false, "max_answer_bytes": 5000]
        let error = try #require(await VLLMProvider(settings, transport: ScriptedTransport([.json(answer)])).failure())
        expect(error, "max_answer_bytes", 5000, "the answer is larger than 5000 bytes")
    }

    @Test("a finish reason that is no word is cut, and a stop reason that is none is left out and noted")
    func reasons() async throws {
        let long = String(repeating: "é", count: 10_000)
        for reason in [["deep": ["er": 1]], [1, 2], true, 0.5] as [JSONValue] {
            let choice: JSONValue = ["index": 0, "delta": ["content": "4"], "finish_reason": .string(long), "stop_reason": reason]
            let transport = ScriptedTransport([.events([(["choices": [choice]] as JSONValue).text, "[DONE]"])])
            let response = try await VLLMProvider(["use_completions": false], transport: transport).ask("Hi")
            #expect(response.text == "4")
            #expect(response.finishReason == String(long.prefix(200)) + "…")
            #expect(response.metadata?["vllm:finish_reason"]?.string == response.finishReason)
            #expect(response.metadata?["vllm:stop_reason"] == nil)
            #expect(response.metadata?["vllm:unreadable_fields"] == ["stop_reason"])
        }
    }

    @Test("choices by the million are refused whole", arguments: [true, false])
    func choices(streams: Bool) async throws {
        let list = Array(repeating: streams ? "{}" : "{\"message\":{}}", count: 70_000).joined(separator: ",")
        let answer = "{\"choices\":[\(list)]}"
        let exchange =
            streams ? ScriptedExchange.events([answer]) : ScriptedExchange(headers: ["content-type": "application/json"], body: answer)
        let settings: JSONObject = ["use_completions": false, "use_streaming": .bool(streams)]
        let error = try #require(await VLLMProvider(settings, transport: ScriptedTransport([exchange])).failure())
        #expect(error.code == .stream)
        #expect(error.message.contains("choices: expected at most 65536 elements"))
    }

    @Test(
        "nonsense is an error that says what came",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
            "{\"choices\":[{\"delta\":{\"content\":\(String(repeating: "[", count: 100_000))}}]}",
            "{\"choices\":[{\"delta\":{\"content\":\"a\u{0}b\"}}]}", "{\"choices\":{}}", "{\"choices\":[[]]}",
            "{\"choices\":[{\"delta\":[]}]}",
            "{\"choices\":[{\"delta\":{\"content\":1}}]}", "{\"choices\":[{\"index\":1e99}]}", "{\"choices\":[{\"index\":-1}]}",
            "{\"choices\":[{\"index\":1000000000}]}", "{\"choices\":[{\"index\":9223372036854775808}]}", "\u{0}", "nul", "true",
        ])
    func nonsense(event: String) async throws {
        let error = try await failure(events: Self.half + [event])
        #expect(error.code == .stream)
        #expect(!error.isRetryable)
        #expect(error.partialResponse?.text == "It is")
        #expect(error.message.utf8.count < 1000)
    }

    @Test(
        "broken UTF-8 is an error",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func brokenUTF8(bytes: [UInt8]) async throws {
        let event = Array("data: {\"choices\":[{\"delta\":{\"content\":\"".utf8) + bytes + Array("\"}}]}\n\n".utf8)
        let (error, _) = try await failure(steps: [.bytes(event)])
        #expect(error.code == .stream)
        #expect(error.message.contains("is not JSON"))
    }

    @Test("a compressed answer says that it is", arguments: CallMode.all)
    func compressed(mode: CallMode) async throws {
        let exchange = ScriptedExchange(headers: ["content-encoding": "gzip"], steps: [.bytes([0x1F, 0x8B, 8])])
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/tokenize"
                ? .json(["tokens": [1], "count": 1, "max_model_len": 2048])
                : request.path == "/detokenize" ? .json(["prompt": ""]) : exchange
        })
        let error = try #require(await VLLMProvider(mode.settings, transport: transport).failure())
        #expect(error.code == .stream)
        #expect(error.message.contains("it is compressed (content-encoding: gzip)"))
    }
}
