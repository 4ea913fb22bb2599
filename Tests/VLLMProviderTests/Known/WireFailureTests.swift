import HTTPTransport
import JSON
import Locks
import ProviderKit
import TestSupport
import Testing
import VLLMClient
import VLLMProvider
import VLLMSimulator

/// The rest of the list that `WireSurpriseTests` begins: what concerns failures, streams and connections.
@Suite("Surprises of vLLM's connections, handled here", .timeLimit(.minutes(1)))
struct WireFailureTests {
    private static let chatPath = "/v1/chat/completions"
    private static let answer: SimulatedResponse = .json([
        "choices": [["index": 0, "message": ["role": "assistant", "content": "4"], "finish_reason": "stop"]]
    ])

    /// A server whose answers to chats are given out in turn, the last one again and again; all else it answers as vLLM does.
    private func simulator(
        _ answers: SimulatedResponse..., apiKey: String? = nil, idleTimeout: Duration? = .seconds(5)
    ) throws -> VLLMSimulator {
        let left = Guarded(answers)
        var options = VLLMSimulator.Options(
            apiKey: apiKey,
            respond: { request in
                guard request.path == Self.chatPath else { return nil }
                return left.withLock { $0.count > 1 ? $0.removeFirst() : $0.first }
            })
        options.idleTimeout = idleTimeout
        return try VLLMSimulator(options: options)
    }

    private func provider(_ simulator: VLLMSimulator, _ settings: JSONObject = [:]) throws -> VLLMProvider {
        var all: JSONObject = ["use_completions": false, "use_streaming": false, "default_model": "tiny-chat"]
        all.merge(settings)
        return try VLLMProvider(all, of: simulator)
    }

    /// The error that a recorded answer is to a chat.
    private func error(_ name: String) async throws -> ProviderError? {
        let exchange = try ScriptedExchange(recording: try Recording(name).responseBytes)
        return await (try VLLMProvider(["use_completions": false], transport: ScriptedTransport([exchange]))).failure()
    }

    private func chats(_ simulator: VLLMSimulator) -> Int { simulator.requests.count { $0.path == Self.chatPath } }

    @Test("3: a killed server's connection that ends without a byte is an error that may pass", arguments: [true, false])
    func nothing(streams: Bool) async throws {
        let simulator = try simulator(.noAnswer)
        defer { simulator.stop() }
        let error = try #require(await provider(simulator, ["use_streaming": .bool(streams)]).failure())
        #expect(error.code == .network)
        #expect(error.isRetryable)
        #expect(error.partialResponse == nil)
    }

    @Test(
        "4: errors are read in every shape that was recorded",
        arguments: [
            ("err_not_utf8", ProviderError.Code.invalidRequest, "There was an error parsing the body"),
            ("err_method_405", .notFound, "Method Not Allowed"), ("router_err_method", .notFound, "no explanation"),
            ("err_route_404", .notFound, "Not Found"), ("full_auth_missing", .authentication, "Unauthorized"),
            ("full_lora_load_again", .invalidRequest, "has already been loaded"),
            ("options_cors", .invalidRequest, "Disallowed CORS origin"),
        ])
    func shapes(name: String, code: ProviderError.Code, text: String) async throws {
        let error = try #require(try await error(name))
        #expect(error.code == code)
        #expect(error.message.contains(text))
        #expect(!error.isRetryable)
    }

    @Test(
        "22: streams of other endpoints, with event lines and without [DONE], are no answer to a chat, and not an empty one",
        arguments: ["messages_stream", "responses_stream"])
    func otherStreams(name: String) async throws {
        let error = try #require(try await error(name))
        #expect(error.code == .stream)
        #expect(!error.isRetryable)
        #expect(error.message.contains("event 1 of the stream is not a chunk"))
    }

    @Test("22: event lines in a stream of chunks do no harm")
    func eventLines() async throws {
        let events = [chatChunk(["content": "4"]), chatChunk([:], finishReason: "stop"), "[DONE]"]
        let body = events.map { "event: message\ndata: \($0)\n\n" }.joined()
        let transport = ScriptedTransport([ScriptedExchange(headers: ["content-type": "text/event-stream"], body: body)])
        #expect(try await VLLMProvider(["use_completions": false], transport: transport).ask("Hi").text == "4")
    }

    @Test("24: a kept connection that the server closed behind its answer is replaced, and nobody notices")
    func closedWhileIdle() async throws {
        var closing = Self.answer
        closing.parts.append(.cut)
        let simulator = try simulator(closing, closing, Self.answer)
        defer { simulator.stop() }
        let provider = try provider(simulator)
        for _ in 0..<3 { #expect(try await provider.ask("What is 2+2?").text == "4") }
        #expect(chats(simulator) == 3)
    }

    @Test("24: a kept connection that the server closes while the next request is on its way is replaced, and nobody notices")
    func closedWhileWriting() async throws {
        // Kept for as long as it takes this machine to come to the next request.
        let simulator = try simulator(Self.answer, .noAnswer, Self.answer, idleTimeout: nil)
        defer { simulator.stop() }
        let transport = CurlTransport(options: .init(proxy: "", idleConnectionLifetime: .seconds(3600)))
        let provider = try VLLMProvider(
            [
                "base_url": .string(simulator.baseURL), "use_completions": false, "use_streaming": false, "default_model": "tiny-chat",
            ], transport: transport)
        for _ in 0..<2 { #expect(try await provider.ask("What is 2+2?").text == "4") }
        #expect(chats(simulator) == 3)
    }

    @Test("24: what was answered in part is never sent again for it")
    func closedWhileAnswering() async throws {
        let simulator = try simulator(Self.answer, Self.answer.cut(afterBytes: 5), Self.answer)
        defer { simulator.stop() }
        let provider = try provider(simulator, ["use_streaming": false])
        _ = try await provider.ask("What is 2+2?")
        let error = try #require(await provider.failure())
        #expect(error.code == .network)
        #expect(chats(simulator) == 2)
    }

    @Test("26: an engine that is paused runs into first_byte_timeout, though health and models are fine", arguments: [true, false])
    func pausedEngine(streams: Bool) async throws {
        var silence = SimulatedResponse(parts: [.hang])
        silence.before = [.hang]
        let simulator = try simulator(silence)
        defer { simulator.stop() }
        let provider = try provider(simulator, ["use_streaming": .bool(streams), "first_byte_timeout": 500])
        #expect(try await provider.listModels().map(\.id) == ["tiny-chat"])
        try await VLLMClient(baseURL: BaseURL(simulator.baseURL), transport: CurlTransport()).health()
        let error = try #require(await provider.failure(options: ["first_byte_timeout": 0.05]))
        #expect(error.code == .timeout)
        #expect(error.isRetryable)
        #expect(error.details["setting"] == "first_byte_timeout")
    }

    @Test("28: a wrong key is told as such, though the server rendered the prompt, for which it asks for none")
    func openTokenize() async throws {
        let simulator = try simulator(apiKey: "the-right-key")
        defer { simulator.stop() }
        let error = try #require(await provider(simulator, ["use_completions": true, "api_key": "the-wrong-key"]).failure())
        #expect(error.code == .authentication)
        #expect(error.status == 401)
        #expect(error.message == "\(simulator.baseURL) does not accept the API key: Unauthorized")
        #expect(error.hint?.contains("that /tokenize rendered the prompt says nothing of the key") == true)
        #expect(simulator.requests.contains { $0.path == "/tokenize" })
        let chat = try #require(await provider(simulator, ["api_key": "the-wrong-key"]).failure())
        #expect(chat.code == .authentication)
        #expect(chat.hint?.contains("/tokenize") == false)
    }

    @Test("29: large answers are read whole, and of large errors a beginning is kept")
    func large() async throws {
        let text = String(repeating: "0123456789", count: 40_000)
        let choice: JSONValue = ["index": 0, "message": ["content": .string(text)], "finish_reason": "stop"]
        let simulator = try simulator(.json(["choices": [choice]]), .text(text, status: 500))
        defer { simulator.stop() }
        let provider = try provider(simulator)
        #expect(try await provider.ask("Hi").text == text)
        let error = try #require(await provider.failure())
        #expect(error.code == .unavailable)
        #expect(error.message.utf8.count < 9000)
        #expect(error.body?.utf8.count == 64 << 10 + 3)
    }

    @Test("30: a header field of many kilobytes, as answers in bytes have it, does no harm")
    func longHeader() async throws {
        var answer = Self.answer
        answer.headers.append(("metadata", String(repeating: "m", count: 20_000)))
        let simulator = try simulator(answer)
        defer { simulator.stop() }
        #expect(try await provider(simulator).ask("What is 2+2?").text == "4")
    }

    @Test(
        "31: what a router says in plain text of wrong requests and of dead workers has its code",
        arguments: [
            ("router_err_json", ProviderError.Code.invalidRequest), ("router_err_no_messages", .invalidRequest),
            ("router_err_content_type", .invalidRequest), ("router_err_temperature_string", .invalidRequest),
            ("router_err_route", .notFound), ("router_err_context", .contextLength), ("router_dead_chat", .unavailable),
            ("router_dead_stream", .unavailable), ("router_dead_models", .unavailable), ("router_unhealthy_chat", .unavailable),
        ])
    func router(name: String, code: ProviderError.Code) async throws {
        let error = try #require(try await error(name))
        #expect(error.code == code)
        #expect(error.isRetryable == code.isRetryable)
    }
}
