import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Servers of other versions, and other servers", .timeLimit(.minutes(2)))
struct DialectTests {
    private static let schema: JSONValue = ["type": "object"]

    @Test(
        "before 0.11 the shape of an answer goes out in the older words",
        arguments: [
            (
                ["structured_outputs": ["json": schema, "whitespace_pattern": " "]],
                ["guided_json": schema, "guided_whitespace_pattern": " "]
            ),
            (["structured_outputs": ["regex": "a"]], ["guided_regex": "a"]),
            (["structured_outputs": ["choice": ["a"]]], ["guided_choice": ["a"]]),
            (["structured_outputs": ["grammar": "g"]], ["guided_grammar": "g"]),
            (["structured_outputs": ["json_object": true]], ["response_format": ["type": "json_object"]]),
            (["structured_outputs": ["structural_tag": "t"]], ["structural_tag": "t"]),
            (["guided_json": schema], ["guided_json": schema]),
            (["guided_json": "{}"], ["guided_json": [:]]),
            (["guided_choice": ["a", "b"]], ["guided_choice": ["a", "b"]]),
            (["extra_body": ["guided_regex": "b"]], ["guided_regex": "b"]),
            (["response_format": "json"], ["response_format": ["type": "json_object"]]),
        ] as [(JSONObject, JSONObject)])
    func older(options: JSONObject, sent: JSONObject) throws {
        let plain = try #require(try planned(["dialect": "0.10.2", "use_completions": false]).first)
        let body = try planned(["dialect": "0.10.2"], options: options)
        #expect(body == [plain.with(sent)])
    }

    @Test("0.11 knows both words, and is asked in the newer ones", arguments: ["0.11.0", "0.11.2", "0.12.0", "0.32.0", "0.99"])
    func newer(version: String) throws {
        let body = try planned(["dialect": .string(version)], options: ["structured_outputs": ["regex": "a"]])
        #expect(body.first?["structured_outputs"] == ["regex": "a"])
        #expect(body.first?["guided_regex"] == nil)
        guard version.hasPrefix("0.11") else { return }
        #expect(try planned(["dialect": .string(version)], options: ["guided_regex": "a"]).first?["structured_outputs"] == ["regex": "a"])
    }

    @Test(
        "what the server's version does not know, and would ignore, is refused with the versions that do",
        arguments: [
            (
                ["dialect": "0.10.2", "use_completions": false], ["thinking_token_budget": 3],
                "vLLM 0.10.2 has no thinking_token_budget (0.19.0 and later have it) (leave it out)"
            ),
            (
                ["dialect": "0.20.2"], ["thinking_token_budget": 3],
                "vLLM 0.20.2 has no thinking_token_budget in /v1/completions (0.22.0 and later have it) "
                    + "(leave it out, or set use_completions: false: /v1/chat/completions has it)"
            ),
            (
                ["dialect": "0.12.0"], ["guided_regex": "a"],
                "vLLM 0.12.0 has no guided_regex (those before 0.12.0 had it) (write structured_outputs with regex in place of it)"
            ),
            (
                [:], ["guided_json": ["type": "object"]],
                "this vLLM has no guided_json (those before 0.12.0 had it) (write structured_outputs with json in place of it)"
            ),
            (
                [:], ["extra_body": ["guided_choice": ["a"]]],
                "this vLLM has no guided_choice (those before 0.12.0 had it) (write structured_outputs with choice in place of it)"
            ),
            (
                ["use_completions": false], ["extra_body": ["best_of": 2]],
                "this vLLM has no best_of (those before 0.12.0 had it) (leave it out)"
            ),
            (
                ["dialect": "0.10.2"], ["structured_outputs": ["json_object": true, "disable_any_whitespace": true]],
                "vLLM 0.10.2 has no structured_outputs.disable_any_whitespace (0.11.0 and later have it) (leave it out)"
            ),
            (
                ["dialect": "0.9.0.1"], ["cache_salt": "a"],
                "vLLM 0.9.0 has no cache_salt in /v1/completions (0.10.0 and later have it) "
                    + "(leave it out, or set use_completions: false: /v1/chat/completions has it)"
            ),
            (
                ["dialect": "0.17.1"], ["media_io_kwargs": ["video": [:]]],
                "vLLM 0.17.1 has no media_io_kwargs in /tokenize (0.18.0 and later have it) (leave it out)"
            ),
            (
                ["dialect": "openai", "use_completions": false], ["top_k": 3],
                "top_k is vLLM's own: the dialect openai has no such field of /v1/chat/completions "
                    + "(leave top_k out, or put it into extra_body if the server knows it)"
            ),
            (
                ["dialect": "openai"], ["request_priority": 3],
                "request_priority is vLLM's own: the dialect openai has no such field of /v1/chat/completions "
                    + "(leave request_priority out, or put it into extra_body if the server knows it)"
            ),
            (
                ["dialect": "openai"], ["enable_thinking": false],
                "enable_thinking is vLLM's own: the dialect openai has no such field of /v1/chat/completions "
                    + "(leave enable_thinking out, or put it into extra_body if the server knows it)"
            ),
            (
                ["dialect": "openai"], ["guided_regex": "a"],
                "guided_regex is vLLM's own: the dialect openai has no such field of /v1/chat/completions "
                    + "(leave guided_regex out, or put it into extra_body if the server knows it)"
            ),
        ] as [(JSONObject, JSONObject, String)])
    func refused(settings: JSONObject, options: JSONObject, message: String) throws {
        let error = try refusal(settings, options: options)
        #expect(error?.description == message)
        #expect(error?.code == .invalidRequest)
    }

    @Test("another server gets OpenAI's fields alone, in OpenAI's newer spelling")
    func openAI() throws {
        let body = try planned(["dialect": "OpenAI"], options: ["seed": 3, "logprobs": 2, "extra_body": ["top_k": 5]])
        let expected: JSONObject = [
            "model": "m", "messages": [["role": "user", "content": "Hi"]], "max_completion_tokens": 1024, "temperature": 0.7, "seed": 3,
            "logprobs": true, "top_logprobs": 2, "top_k": 5, "stream": true, "stream_options": ["include_usage": true],
        ]
        #expect(body == [expected.sortedByKey])
    }

    @Test("another server is not sent what the model thought, for which OpenAI's API has no place, and the answer says so")
    func thoughts() async throws {
        let blocks: [ContentBlock] = [.thinking(ThinkingBlock("Hm.")), .text(TextBlock("4"))]
        let messages = [.user("2+2?"), Message(role: .assistant, content: .blocks(blocks)), .user("Sure?")]
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(["dialect": "openai", "use_completions": false], transport: transport)
        let response = try await provider.complete(ChatRequest(messages: messages))
        #expect(try transport.bodies("/v1/chat/completions").first?["messages"]?.array?[1] == ["role": "assistant", "content": "4"])
        #expect(response.degradation?.requested == "content block thinking in messages[1]")
        #expect(response.degradation?.actual == "left out")
    }

    private func asked(_ version: ScriptedExchange, settings: JSONObject = [:], options: [JSONObject]) async throws -> (
        ScriptedTransport, [String]
    ) {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/version" ? version : .chat([["content": "4"]])
        })
        let provider = try VLLMProvider(settings.with(["use_completions": false]), transport: transport)
        for options in options { _ = try await provider.ask("Hi", options: options) }
        return (transport, transport.requests.map(\.path))
    }

    @Test("the server is asked for its version once, and only when a call needs to know")
    func asksOnce() async throws {
        let chat = "/v1/chat/completions"
        let (_, plain) = try await asked(.json(["version": "0.10.2"]), options: [["top_k": 3, "stop": "x"]])
        #expect(plain == [chat])
        let regex: JSONObject = ["structured_outputs": ["regex": "4"]]
        let (transport, paths) = try await asked(.json(["version": "0.10.2"]), options: [[:], regex, regex])
        #expect(paths == [chat, "/version", chat, chat])
        #expect(try transport.bodies(chat).map { $0["guided_regex"] } == [nil, "4", "4"])
        let (_, fixed) = try await asked(.json(["version": "0.10.2"]), settings: ["dialect": "0.32.0"], options: [regex])
        #expect(fixed == [chat])
    }

    @Test(
        "a server that does not tell is taken for the newest, and not asked again",
        arguments: [
            .json(["detail": "Not Found"], status: 404), .json(["detail": "Forbidden"], status: 403), .json(["version": "dev"]),
            .json(["a": 1]),
            ScriptedExchange(headers: ["content-type": "text/html"], body: "<html>"),
        ] as [ScriptedExchange])
    func silent(version: ScriptedExchange) async throws {
        let regex: JSONObject = ["structured_outputs": ["regex": "4"]]
        let (transport, paths) = try await asked(version, options: [regex, regex])
        #expect(paths.count { $0 == "/version" } == 1)
        #expect(try transport.bodies("/v1/chat/completions").map { $0["structured_outputs"] } == [["regex": "4"], ["regex": "4"]])
    }

    @Test(
        "a server that fails to tell, or has a gateway in front of it that tells nothing of it, is asked again",
        arguments: [
            .json([:], status: 503), ScriptedExchange(status: 404, body: "The service is starting"),
            ScriptedExchange(status: 403, headers: ["cf-mitigated": "challenge"], body: "<html></html>"),
        ] as [ScriptedExchange])
    func failing(version: ScriptedExchange) async throws {
        let (_, paths) = try await asked(version, options: [["cache_salt": "a"], ["cache_salt": "a"]])
        #expect(paths.count { $0 == "/version" } == 2)
    }

    @Test("calls at the same time ask for the version once, and each is refused by it", .timeLimit(.minutes(1)))
    func together() async throws {
        var options = VLLMSimulator.Options()
        options.version = "0.10.2"
        let simulator = try VLLMSimulator(options: options)
        defer { simulator.stop() }
        let provider = try VLLMProvider(of: simulator)
        let messages = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<8 {
                group.addTask { await provider.failure(options: ["thinking_token_budget": 1])?.message }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(
            messages == Array(repeating: "vLLM 0.10.2 has no thinking_token_budget in /v1/completions (0.22.0 and later have it)", count: 8)
        )
        #expect(simulator.requests.map(\.path) == ["/version"])
    }

    @Test("a call that is cancelled while the version is asked for ends at once", .timeLimit(.minutes(1)))
    func cancelled() async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .hanging })
        let provider = try VLLMProvider(transport: transport)
        let call = Task { await provider.failure(options: ["cache_salt": "a"]) }
        while transport.requests.isEmpty { await Task.yield() }
        call.cancel()
        #expect(await call.value?.code == .cancelled)
    }
}
