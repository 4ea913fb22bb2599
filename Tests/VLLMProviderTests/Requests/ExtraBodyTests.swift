import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("Members that are not in the contract: extra_body, and those of a request")
struct ExtraBodyTests {
    private func chat(_ settings: JSONObject = [:], options: JSONObject = [:], _ change: (inout ChatRequest) -> Void = { _ in }) throws
        -> JSONObject?
    {
        try planned(settings.with(["use_completions": false]), options: options, change).first
    }

    @Test(
        "what every request is made of cannot be set by extra_body, in a call or in the configuration",
        arguments: [
            ("stream", "set use_streaming"), ("messages", "send them as the request's messages"),
            ("prompt", "send the request's messages; prompt_format: plain sends them as text"),
            ("tools", "send them as the request's tools"), ("model", "set model for a call, or default_model in the configuration"),
        ])
    func reserved(key: String, hint: String) throws {
        let settings: JSONObject = ["extra_body": ["a": 1, key: true]]
        #expect(try refusal(options: settings)?.description == "extra_body.\(key): it cannot be set here (\(hint))")
        #expect(try refusal(["dialect": "openai"], options: settings)?.description.hasPrefix("extra_body.\(key): ") == true)
        let mounting = #expect(throws: (any Error).self) { try VLLMProvider(settings, transport: ScriptedTransport([])) }
        #expect(mounting.map { "\($0)" }?.contains("config.extra_body.\(key): it cannot be set here") == true)
    }

    @Test("a member of extra_body that is an option is held to its range, with its place")
    func checked() throws {
        let message = "extra_body.top_p: expected a number between 0 and 1, found \"7\""
        #expect(try refusal(options: ["extra_body": ["top_p": 7]])?.message == message)
        let mounting = #expect(throws: (any Error).self) {
            try VLLMProvider(["extra_body": ["top_p": 7]], transport: ScriptedTransport([]))
        }
        #expect(mounting.map { "\($0)" }?.contains("config.\(message)") == true)
    }

    @Test("max_tokens in extra_body is lowered as the option is, whatever its name", arguments: ["max_tokens", "max_completion_tokens"])
    func clamped(key: String) async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(["use_completions": false, "max_output_tokens": 20], transport: transport)
        let response = try await provider.ask("Hi", options: ["extra_body": [key: 50000]])
        let body = try transport.bodies("/v1/chat/completions").first
        #expect(body?["max_tokens"] == 20)
        #expect(body?["max_completion_tokens"] == nil)
        #expect(response.degradation?.requested == "max_tokens: 50000")
    }

    @Test("the template's variables in extra_body reach the prompt of a completion")
    func rendered() throws {
        let bodies = try planned(options: ["extra_body": ["chat_template_kwargs": ["a": 1]]])
        #expect(bodies.map { $0["chat_template_kwargs"] } == [["a": 1], nil])
    }

    @Test("a call's option counts more than a configured extra_body, and the request's own field more than a call's")
    func ranks() throws {
        #expect(try chat(["extra_body": ["seed": 1]], options: ["seed": 2])?["seed"] == 2)
        #expect(try chat(["seed": 1], options: ["extra_body": ["seed": 2]])?["seed"] == 2)
        #expect(try chat(options: ["extra_body": ["temperature": 1]]) { $0.temperature = 0.5 }?["temperature"] == 0.5)
    }

    @Test("members of a request that are options count as such: below its own fields, above the call's options")
    func members() throws {
        let body = try chat(options: ["top_k": 1, "seed": 1, "top_logprobs": 4]) { request in
            request.additional = ["top_k": 5, "seed": .null, "logprobs": false, "max_tokens": 3, "headers": ["X-A": "b"]]
            request.maxOutputTokens = 7
        }
        #expect(body?["top_k"] == 5)
        #expect(body?["seed"] == 1)
        #expect(body?["max_tokens"] == 7)
        #expect(body?["top_logprobs"] == nil)
        let error = try refusal { $0.additional = ["top_k": "many"] }
        #expect(error?.message == "top_k: expected a whole number of at least -1, found \"many\"")
    }

    @Test("the other members of a request are left out, and the answer says so")
    func unknownMembers() async throws {
        let transport = ScriptedTransport(answering: { _ throws(TransportError) in .chat([["content": "4"]]) })
        let provider = try VLLMProvider(["use_completions": false], transport: transport)
        let request = ChatRequest(messages: [.user("Hi")], additional: ["store": true, "seed": 3, "tier": "a", "none": .null])
        let response = try await provider.complete(request)
        #expect(
            response.degradation?.json == [
                "requested": "store, tier", "actual": "left out", "reason": "a request has no such member, and there is no such option",
            ])
        let body = try transport.bodies("/v1/chat/completions").first
        #expect(body?["store"] == nil)
        #expect(body?["seed"] == 3)
    }

    @Test("the request's response_format counts more than any shape of the call's options")
    func shape() throws {
        let options: JSONObject = ["structured_outputs": ["regex": "a"]]
        let text = try planned(options: options) { $0.responseFormat = .text }
        #expect(text.count == 2)
        #expect(text.allSatisfy { $0["structured_outputs"] == nil && $0["response_format"] == nil })
        let json = try chat(options: options) { $0.responseFormat = .json }
        #expect(json?["response_format"] == ["type": "json_object"])
        #expect(json?["structured_outputs"] == nil)
    }
}
