import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("The options of a call")
struct CallOptionTests {
    private func error(_ options: JSONObject, _ change: (inout ChatRequest) -> Void = { _ in }) throws -> ProviderError? {
        let provider = try VLLMProvider(transport: ScriptedTransport([]))
        var request = ChatRequest(messages: [.user("Hi")])
        change(&request)
        return #expect(throws: ProviderError.self) { try provider.plannedRequests(request, options: options) }
    }

    @Test(
        "an option of the wrong type or out of range is an error that names it",
        arguments: [
            (["temperature": "hot"], "temperature: expected a number between 0 and 2, found \"hot\""),
            (["temperature": 3], "temperature: expected a number between 0 and 2, found \"3\""),
            (["max_tokens": 1.5], "max_tokens: expected a whole number of at least 1, found \"1.5\""),
            (["stop": [["a"]]], "stop: expected a list of texts, found a list"),
            (["use_completions": "maybe"], "use_completions: expected true or false, found \"maybe\""),
            (["prompt_format": "fancy"], "prompt_format: expected one of template, plain, found \"fancy\""),
            (["timeout": -1], "timeout: expected a number of seconds between 0.001 and 31536000, found \"-1\""),
            (["timeout": 1e300], "timeout: expected a number of seconds between 0.001 and 31536000, found \"1e+300\""),
            (["extra_body": "x"], "extra_body: expected a mapping, found \"x\""),
            (["tool_choice": [3]], "tool_choice: expected a mapping, or a text, found a list"),
            (["tool_choice": ["type": "function"]], "tool_choice: it names no tool: {\"type\":\"function\"}"),
        ] as [(JSONObject, String)])
    func wrong(options: JSONObject, message: String) throws {
        let error = try error(options)
        #expect(error?.code == .invalidRequest)
        #expect(error?.message == message)
        #expect(error?.isRetryable == false)
    }

    @Test("an option that does not exist is an error with the nearest one, or with all")
    func unknown() throws {
        #expect(try error(["tempreature": 1])?.description == "there is no call option \"tempreature\" (did you mean `temperature`?)")
        #expect(try error(["zzzzzzz": 1])?.hint?.contains("max_tokens, temperature, ") == true)
        #expect(try error(["api_key": "x"])?.message == "there is no call option \"api_key\"")
    }

    @Test("the request's own fields are held to the same ranges")
    func requestFields() throws {
        let temperature = try error([:]) { $0.temperature = -1 }
        #expect(temperature?.message == "temperature: expected a number between 0 and 2, found \"-1.0\"")
        let timeout = try error([:]) { $0.timeout = 0 }
        #expect(timeout?.message == "timeout: expected a number of seconds between 0.001 and 31536000, found \"0.0\"")
    }

    @Test("options mean what a person means by them, and null is no option")
    func lenient() throws {
        let provider = try VLLMProvider(transport: ScriptedTransport([]))
        let request = ChatRequest(messages: [.user("Hi")])
        let planned = try provider.plannedRequests(
            request,
            options: ["use_completions": "false", "max_tokens": "300", "seed": 3.0, "stop": "x", "use_streaming": "no", "top_p": .null])
        let body = try #require(planned.first?.body)
        #expect(planned.first?.url == "http://server:8000/v1/chat/completions")
        #expect(body["max_tokens"] == 300)
        #expect(body["seed"] == 3)
        #expect(body["stop"] == ["x"])
        #expect(body["stream"] == nil)
        #expect(body["top_p"] == nil)
    }
}
