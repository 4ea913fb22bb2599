import HTTPTransport
import JSON
import TestSupport
import Testing

@testable import VLLMClient

@Suite("Calls")
struct CallTests {
    @Test("go to their paths, those of vLLM's own beside /v1, with the body as JSON")
    func paths() async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in ScriptedExchange(body: "{}") })
        let client = VLLMClient(baseURL: try BaseURL("https://gate/llm/v1/"), transport: transport)
        _ = await failure { () async throws(VLLMError) in _ = try await client.models() }
        try await client.health()
        _ = await failure { () async throws(VLLMError) in _ = try await client.version() }
        _ = await failure { () async throws(VLLMError) in _ = try await client.chatCompletion(ChatCompletionRequest(messages: [])) }
        _ = await failure { () async throws(VLLMError) in _ = try await client.completion(CompletionRequest(prompt: .text("a"))) }
        _ = await failure { () async throws(VLLMError) in _ = try await client.tokenize(TokenizeRequest(.prompt("a"))) }
        _ = await failure { () async throws(VLLMError) in _ = try await client.detokenize([1, 2], model: "m") }
        _ = try await client.streamChatCompletion(ChatCompletionRequest(messages: []))
        _ = try await client.streamCompletion(CompletionRequest(prompt: .text("a")))
        let sent = transport.requests.map { "\($0.method) \($0.url) \($0.body.map { String(decoding: $0, as: UTF8.self) } ?? "-")" }
        #expect(
            sent == [
                "GET https://gate/llm/v1/models -", "GET https://gate/llm/health -", "GET https://gate/llm/version -",
                #"POST https://gate/llm/v1/chat/completions {"messages":[]}"#, #"POST https://gate/llm/v1/completions {"prompt":"a"}"#,
                #"POST https://gate/llm/tokenize {"prompt":"a"}"#, #"POST https://gate/llm/detokenize {"model":"m","tokens":[1,2]}"#,
                #"POST https://gate/llm/v1/chat/completions {"messages":[],"stream":true}"#,
                #"POST https://gate/llm/v1/completions {"prompt":"a","stream":true}"#,
            ])
    }

    @Test("carry the key, the client's headers over their own, and the time limits")
    func headers() async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in ScriptedExchange(body: "{}") })
        let timeouts = HTTPTimeouts(connect: .seconds(1), total: .seconds(2))
        var client = VLLMClient(
            baseURL: try BaseURL("http://h"), transport: transport, apiKey: "EMPTY", headers: ["X-Team": "a", "ACCEPT": "*/*"],
            timeouts: timeouts)
        try await client.health()
        client.headers.append(name: "x-team", value: "b")
        client.headers["Authorization"] = "Basic eA=="
        _ = try await client.streamCompletion(CompletionRequest(prompt: .text("a")))
        let sent = transport.requests.map { $0.headers.map { "\($0.name): \($0.value)" } }
        #expect(sent.first == ["Authorization: Bearer EMPTY", "X-Team: a", "ACCEPT: */*"])
        #expect(sent.last == ["Content-Type: application/json", "X-Team: a", "ACCEPT: */*", "x-team: b", "Authorization: Basic eA=="])
        #expect(transport.requests.allSatisfy { $0.timeouts == timeouts })
    }

    @Test("ask for what they can read")
    func accept() throws {
        let client = try VLLMClient.answered(text: "")
        #expect(try client.httpRequest(path: "/x").headers["accept"] == "application/json")
        #expect(try client.httpRequest(path: "/x", json: [:], streaming: true).headers["accept"] == "text/event-stream")
    }

    @Test("carry no key when there is none", arguments: [nil, ""])
    func noKey(key: String?) throws {
        let client = try VLLMClient.answered(text: "", apiKey: key)
        #expect(try client.httpRequest(path: "/x").headers["authorization"] == nil)
    }

    @Test("with a key that no header can hold fail without telling it", arguments: ["secret-key\n", "secret key", "secrét"])
    func badKey(key: String) async throws {
        let client = try VLLMClient.answered(text: "{}", apiKey: key)
        let error = await failure { () async throws(VLLMError) in try await client.health() }
        #expect(error?.kind == .invalidRequest)
        #expect(error?.message == "the API key holds a line break, white space or a character outside ASCII: no header can hold it")
    }

    @Test("list the names of the model, its window and adapters")
    func models() async throws {
        let list = try await VLLMClient.answered(asIn: "full_lora_models").models()
        #expect(list.models.map(\.id) == ["tiny-chat", "tiny", "ada"])
        #expect(list.models.map(\.maxModelLength) == [2048, 2048, nil])
        #expect(list.models.map(\.parent) == [nil, nil, "tiny-chat"])
        #expect(list.models.map(\.ownedBy) == ["vllm", "vllm", "vllm"])
        #expect(list.models.map(\.root) == ["/mnt/data/chat-model", "/mnt/data/chat-model", "/mnt/data/lora"])
        #expect(list.models.map(\.created) == [1_795_255_489, 1_795_255_489, 1_795_255_489])
        #expect(list.models.first?.raw["permission"]?[0]?["organization"] == "*")
        #expect(try JSONValue.object(list.raw) == Recording("full_lora_models").responseJSON())
        #expect(try await VLLMClient.answered(asIn: "router_get_v1_models").models().models.isEmpty == false)
    }

    @Test("say that a server is well, or in its words why not")
    func health() async throws {
        for name in ["health", "overload_health", "router_get_health", "router_dead_health"] {
            try await VLLMClient.answered(asIn: name).health()
        }
        let client = try VLLMClient.answered(asIn: "router_unhealthy_health")
        let error = await failure { () async throws(VLLMError) in try await client.health() }
        #expect(error?.status == 503)
        #expect(error?.message.hasPrefix("Unhealthy servers") == true)
    }

    @Test("tell the version", arguments: ["version", "router_get_version"])
    func version(name: String) async throws {
        #expect(try await VLLMClient.answered(asIn: name).version() == "0.32.0")
    }

    @Test(
        "count tokens",
        arguments: [
            "tokenize_chat", "tokenize_chat_tools", "tokenize_hello", "tokenize_prompt", "tokenize_prompt_plain", "router_tokenize",
        ])
    func tokenize(name: String) async throws {
        let told = try Recording(name).responseJSON()
        let tokenization = try await VLLMClient.answered(asIn: name).tokenize(TokenizeRequest(.prompt("")))
        #expect(tokenization.tokens == told["tokens"]?.array?.compactMap(\.int))
        #expect(tokenization.count == tokenization.tokens.count)
        #expect(tokenization.maxModelLength == 2048)
        #expect(tokenization.tokenStrings == told["token_strs"]?.array?.compactMap(\.string))
        #expect(JSONValue.object(tokenization.raw) == told)
    }

    @Test("give the text of tokens", arguments: ["detokenize_bad", "detokenize_partial_utf8", "router_detokenize"])
    func detokenize(name: String) async throws {
        let text = try await VLLMClient.answered(asIn: name).detokenize([1])
        #expect(text == (try Recording(name).responseJSON())["prompt"]?.string)
    }

    @Test(
        "read an answer as it comes, whatever length its head announces", arguments: ["0", "5", "40", "9223372036854775807", "-3", "x", ""])
    func announcedLength(length: String) async throws {
        let text = #"{"data":[{"id":"m"}]}"#
        let exchange = ScriptedExchange(
            headers: ["content-type": "application/json", "content-length": length], steps: text.utf8.map { .bytes([$0]) })
        #expect(try await VLLMClient.answered(by: exchange).models().models.map(\.id) == ["m"])
    }

    @Test("keep the answer as it came, unless they are not to, and equal answers are equal")
    func raw() async throws {
        var client = try VLLMClient.answered(text: #"{ "version": "1", "data": [ {"id":"m", "x": 1.50} ] }"#)
        let list = try await client.models()
        #expect(list.raw == ["version": "1", "data": [["id": "m", "x": .number(try #require(try JSONValue(parsing: "1.50").number))]]])
        #expect(list == (try await VLLMClient.answered(text: #"{"version":"1","data":[{"id":"m","x":1.50}]}"#).models()))
        #expect(Set([list, try await client.models()]).count == 1)
        client.keepsRaw = false
        var bare = try await client.models()
        #expect(bare.raw.isEmpty)
        #expect(bare != list)
        bare.raw = list.raw
        #expect(bare == list)
    }
}
