import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Prompt and answer in the context window", .timeLimit(.minutes(2)))
struct ContextWindowTests {
    private func provider(_ transport: ScriptedTransport, _ settings: JSONObject) throws -> VLLMProvider {
        try VLLMProvider(settings, transport: transport, tellsModels: true)
    }

    @Test("a call that fits asks for no count", arguments: CallMode.all)
    func fits(mode: CallMode) async throws {
        let simulator = try VLLMSimulator()
        let provider = try VLLMProvider(mode.settings, of: simulator)
        let answer = try await provider.ask("What is 2+2?")
        #expect(answer.text == "4")
        #expect(answer.degradation == nil)
        #expect(simulator.requests.count { $0.path == "/tokenize" } == (mode.endpoint == "chat" ? 0 : 1))
    }

    @Test("max_tokens that cannot fit is lowered to the room there is, and reported with the numbers", arguments: CallMode.all)
    func clamped(mode: CallMode) async throws {
        let simulator = try VLLMSimulator()
        let provider = try VLLMProvider(mode.settings, of: simulator)
        let answer = try await provider.ask("What is 2+2?", options: ["max_tokens": 5000])
        #expect(answer.text == "4")
        let prompt = try #require(answer.usage?.inputTokens)
        #expect(answer.degradation?.requested == "max_tokens: 5000")
        #expect(answer.degradation?.actual == "max_tokens: \(2048 - prompt)")
        #expect(answer.degradation?.reason == "the context window is 2048 tokens, and the prompt has \(prompt)")
        let sent = simulator.requests.compactMap { $0.path.hasPrefix("/v1/") ? $0.json?["max_tokens"]?.int : nil }
        #expect(sent == [2048 - prompt])
    }

    @Test("a prompt that leaves no room fails before it is sent, naming the numbers", arguments: CallMode.all)
    func promptTooLong(mode: CallMode) async throws {
        let simulator = try VLLMSimulator()
        let provider = try VLLMProvider(mode.settings, of: simulator)
        let error = await provider.failure(String(repeating: "Hello! ", count: 2000))
        #expect(error?.code == .contextLength)
        #expect(error?.model == "tiny-chat")
        let count = try #require(error?.details["prompt_tokens"]?.int)
        #expect(count > 2048)
        #expect(error?.details["context_window"] == 2048)
        #expect(
            error?.message
                == "the prompt has \(count) tokens, which leaves no room for an answer: the context window of tiny-chat is 2048 tokens")
        #expect(error?.hint?.isEmpty == false)
        #expect(!simulator.requests.contains { $0.path.hasSuffix("/completions") })
    }

    @Test("a window of exactly prompt and answer is enough; one token less is reported", arguments: [(103, 100), (102, 99)])
    func edge(window: Int, expected: Int) async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": .integer(window)]], tokens: 3)
        let answer = try await provider(transport, ["use_completions": false]).ask("Hi", options: ["max_tokens": 100])
        #expect(try transport.bodies("/v1/chat/completions").first?["max_tokens"] == .integer(expected))
        #expect((answer.degradation == nil) == (expected == 100))
    }

    @Test("the default for max_tokens is lowered likewise in a small window")
    func smallWindow() async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": 512]], tokens: 12)
        let answer = try await provider(transport, ["use_completions": false]).ask("Hi")
        #expect(transport.paths == ["/v1/models", "/tokenize", "/v1/chat/completions"])
        #expect(answer.degradation?.actual == "max_tokens: 500")
    }

    @Test("a configured window counts where it is smaller than the server's")
    func configuredWindow() async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": 100_000]], tokens: 12)
        let answer = try await provider(transport, ["use_completions": false, "context_window": 100]).ask("Hi")
        #expect(answer.degradation?.reason == "the context window is 100 tokens, and the prompt has 12")
    }

    @Test("max_tokens beyond max_output_tokens is lowered to it", arguments: [true, false])
    func longestAnswer(usesCompletions: Bool) async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": 100_000]])
        let provider = try provider(transport, ["use_completions": .bool(usesCompletions), "max_output_tokens": 200])
        let answer = try await provider.ask("Hi", options: ["max_tokens": 300])
        #expect(
            answer.degradation?.json
                == ["requested": "max_tokens: 300", "actual": "max_tokens: 200", "reason": "max_output_tokens is 200"])
        let path = usesCompletions ? "/v1/completions" : "/v1/chat/completions"
        #expect(try transport.bodies(path).first?["max_tokens"] == 200)
    }

    @Test("a server that cannot count is not asked in vain: the call goes out, with max_tokens within the window")
    func noTokenizer() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/v1/models": .json(["data": [["id": "m", "max_model_len": 2048]]])
            case "/tokenize": .json(["detail": "Not Found"], status: 404)
            default: .chat([["content": "4"]])
            }
        })
        let answer = try await provider(transport, ["use_completions": false]).ask("Hi", options: ["max_tokens": 5000])
        #expect(answer.text == "4")
        #expect(answer.degradation?.actual == "max_tokens: 2048")
        #expect(try transport.bodies("/v1/chat/completions").first?["max_tokens"] == 2048)
    }

    @Test("pictures cannot be counted beforehand: the server decides")
    func pictures() async throws {
        let transport = ScriptedTransport.models([["id": "m", "max_model_len": 64]])
        let image = ContentBlock.image(ImageBlock(source: ["url": "http://host/a.png"]))
        let message = Message(role: .user, content: .blocks([.text(TextBlock(String(repeating: "x", count: 999))), image]))
        let request = ChatRequest(messages: [message])
        #expect(try await provider(transport, ["use_completions": false]).complete(request).text == "4")
        #expect(transport.paths == ["/v1/models", "/v1/chat/completions"])
    }

    @Test("a prompt that truncate_prompt_tokens cuts is told, with both numbers; one that it does not cut is not", arguments: CallMode.all)
    func truncation(mode: CallMode) async throws {
        let simulator = try VLLMSimulator()
        let provider = try VLLMProvider(mode.settings, of: simulator)
        let prompt = try #require(try await provider.ask("What is 2+2?").usage?.inputTokens)
        let cut = try await provider.ask("What is 2+2?", options: ["truncate_prompt_tokens": 8])
        #expect(
            cut.degradation?.json
                == [
                    "requested": .string("a prompt of \(prompt) tokens"), "actual": "its last 8 tokens",
                    "reason": "truncate_prompt_tokens is 8",
                ])
        #expect(cut.usage?.inputTokens == 8)
        let whole = try await provider.ask("What is 2+2?", options: ["truncate_prompt_tokens": .integer(prompt)])
        #expect(whole.degradation == nil)
        let long = try await provider.ask(String(repeating: "Hello! ", count: 2000), options: ["truncate_prompt_tokens": 100])
        #expect(long.degradation?.actual == "its last 100 tokens")
        #expect(long.usage?.inputTokens == 100)
        let most = try await provider.ask(
            String(repeating: "Hello! ", count: 2000), options: ["truncate_prompt_tokens": -1, "truncation_side": "right"])
        #expect(most.degradation?.actual == "its first 2047 tokens; max_tokens: 1")
        #expect(most.usage?.inputTokens == 2047)
    }

    @Test("where the prompt cannot be counted, it is told that it may be cut")
    func uncountedTruncation() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/version": .json(["version": "0.32.0"])
            case "/v1/chat/completions": .chat([["content": "4"]])
            default: .json(["detail": "Not Found"], status: 404)
            }
        })
        let answer = try await provider(transport, ["use_completions": false]).ask("Hi", options: ["truncate_prompt_tokens": 8])
        #expect(answer.degradation?.actual == "at most its last 8 tokens")
    }

    @Test("what the server says when it refuses is in the details, too")
    func serverRefuses() async throws {
        let message =
            "This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input tokens, which "
            + "exceeds this limit even without any output tokens. Please reduce the length of the input prompt."
        let body: JSONValue = ["error": ["message": .string(message), "type": "BadRequestError", "param": "input_tokens", "code": 400]]
        let error = await (try VLLMProvider(["use_completions": false], transport: ScriptedTransport([.json(body, status: 400)]))).failure()
        #expect(error?.code == .contextLength)
        let told: JSONValue = ["type": "BadRequestError", "param": "input_tokens", "code": 400]
        #expect(error?.details == ["context_window": 2048, "prompt_tokens": 2049, "server_error": told])
    }
}
