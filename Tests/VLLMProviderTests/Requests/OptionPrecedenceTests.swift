import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("Which of several wishes counts")
struct OptionPrecedenceTests {
    /// A key, and three values as its field in a chat's body shows them.
    private static let keys: [(key: String, values: [JSONValue])] = [
        ("max_tokens", [1, 2, 3]), ("temperature", [0.0, 0.5, 1.0]), ("top_p", [0.1, 0.2, 0.3]), ("top_k", [1, 2, 3]),
        ("min_p", [0.1, 0.2, 0.3]), ("seed", [0, 2, 3]), ("n", [1, 2, 3]), ("stop", [["a"], ["b"], ["c"]]),
        ("stop_token_ids", [[1], [], [3]]), ("bad_words", [["a"], ["b"], []]), ("ignore_eos", [true, false, true]),
        ("include_reasoning", [true, false, true]), ("skip_special_tokens", [false, true, false]), ("echo", [true, false, true]),
        ("return_token_ids", [true, false, true]), ("reasoning_effort", ["low", "high", "none"]), ("cache_salt", ["a", "b", "c"]),
        ("thinking_token_budget", [0, -1, 5]), ("truncation_side", ["left", "right", "left"]), ("top_logprobs", [1, 0, 2]),
        ("stream_interval", [1, 2, 3]), ("chat_template", ["a", "b", "c"]), ("documents", [[["a": "1"]], [["a": "2"]], []]),
        ("response_format", [["type": "json_object"], ["type": "structural_tag"], ["type": "json_object"]]),
        ("structured_outputs", [["regex": "a"], ["choice": ["b"]], ["json_object": true]]),
    ]

    @Test("a call's option comes before the configuration, and null is no option", arguments: keys.indices)
    func callOverConfiguration(index: Int) throws {
        let (key, values) = Self.keys[index]
        for (configured, given) in zip(values, values.dropFirst()) {
            let settings: JSONObject = ["use_completions": false, key: configured]
            #expect(try planned(settings).first?[key] == configured)
            #expect(try planned(settings, options: [key: .null]).first?[key] == configured)
            #expect(try planned(settings, options: [key: given]).first?[key] == given)
        }
    }

    @Test("the request's own field comes before the call's option")
    func requestOverCall() throws {
        let options: JSONObject = [
            "temperature": 1, "top_p": 1, "max_tokens": 9, "stop": "o", "reasoning_effort": "low", "tool_choice": "auto", "model": "o",
            "response_format": "json", "use_streaming": true, "timeout": 9,
        ]
        let body = try planned(["use_completions": false], options: options) { request in
            request.temperature = 0
            request.topP = 0.5
            request.maxOutputTokens = 1
            request.stop = ["r"]
            request.reasoningEffort = "high"
            request.tools = [ToolSpec(name: "f", parameters: [:])]
            request.toolChoice = "required"
            request.model = "r"
            request.responseFormat = .text
            request.stream = false
        }
        let expected: JSONObject = [
            "model": "r", "temperature": 0.0, "top_p": 0.5, "max_tokens": 1, "stop": ["r"], "reasoning_effort": "high",
            "tool_choice": "required", "messages": [["role": "user", "content": "Hi"]],
            "tools": [["type": "function", "function": ["name": "f", "parameters": [:]]]],
        ]
        #expect(body == [expected.sortedByKey])
    }

    @Test("of options that belong together, the call decides on all if it says anything of one")
    func groups() throws {
        func body(_ settings: JSONObject, _ options: JSONObject) throws -> JSONObject? {
            try planned(settings.with(["use_completions": false]), options: options).first
        }
        let shape = try body(["structured_outputs": ["regex": "a"]], ["response_format": "json"])
        #expect(shape?["structured_outputs"] == nil)
        #expect(shape?["response_format"] == ["type": "json_object"])
        #expect(try body(["response_format": "json"], ["response_format": "text"])?["response_format"] == nil)
        #expect(try body(["top_logprobs": 5], ["logprobs": false])?["logprobs"] == nil)
        #expect(try body(["logprobs": 5], ["top_logprobs": 1])?["top_logprobs"] == 1)
    }

    @Test(
        "the template's variables are merged: the call's over the configuration's, a variable's own name over other options",
        arguments: [
            (["enable_thinking": false], ["enable_thinking": true], ["enable_thinking": true, "thinking": true]),
            (
                ["chat_template_kwargs": ["a": 1, "enable_thinking": true]], ["enable_thinking": false],
                ["a": 1, "enable_thinking": false, "thinking": false]
            ),
            (["chat_template_kwargs": ["a": 1, "b": 1]], ["chat_template_kwargs": ["b": 2]], ["a": 1, "b": 2]),
            (["enable_thinking": true], ["chat_template_kwargs": ["thinking": false]], ["enable_thinking": true, "thinking": false]),
            // The server would take the variable's word against that of the effort.
            (["enable_thinking": true], ["reasoning_effort": "none"], nil),
            (["enable_thinking": true, "reasoning_effort": "none"], [:], ["enable_thinking": true, "thinking": true]),
        ] as [(JSONObject, JSONObject, JSONValue?)])
    func templateVariables(settings: JSONObject, options: JSONObject, expected: JSONValue?) throws {
        let body = try planned(settings.with(["use_completions": false]), options: options).first
        #expect(body?["chat_template_kwargs"].map { .object(($0.object ?? [:]).sortedByKey) } == expected)
    }

    @Test("extra_body is merged, and comes before everything else")
    func extraBody() throws {
        let body = try planned(
            ["use_completions": false, "seed": 1, "extra_body": ["a": 1, "b": 1, "seed": 2]],
            options: ["extra_body": ["b": 2, "max_tokens": .null], "max_tokens": 3]
        ).first
        #expect(body?["a"] == 1)
        #expect(body?["b"] == 2)
        #expect(body?["seed"] == 2)
        #expect(body?["max_tokens"] == .null)
    }

    @Test("a host is told what is configured, and nothing that is not")
    func info() throws {
        let provider = try VLLMProvider(
            ["default_model": .null, "max_tokens": 5, "logprobs": true, "enable_thinking": false, "timeout": 7],
            transport: ScriptedTransport([]))
        let expected: JSONObject = [
            "max_tokens": 5, "temperature": 0.7, "logprobs": true, "enable_thinking": false, "continuation": false, "timeout": 7.0,
        ]
        #expect(provider.info.defaults.sortedByKey == expected.sortedByKey)
    }
}
