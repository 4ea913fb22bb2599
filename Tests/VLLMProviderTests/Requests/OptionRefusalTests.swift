import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("What cannot be asked for")
struct OptionRefusalTests {
    private static let tool = ToolSpec(name: "f", parameters: ["type": "object"])

    @Test(
        "is refused before anything is sent, with its name and what to do",
        arguments: [
            (["logit_bias": ["a": 1]], "logit_bias: expected token ids as keys, found \"a\" (such as {42: -100})"),
            (["logit_bias": ["-1": 1]], "logit_bias: expected token ids as keys, found \"-1\" (such as {42: -100})"),
            (["logit_bias": ["1": "x"]], "logit_bias.1: expected a number, found \"x\" (such as {42: -100})"),
            (["logprobs": 1, "top_logprobs": 2], "top_logprobs: logprobs says 1, and they are the same number (set one of them)"),
            (["logprobs": false, "top_logprobs": 2], "top_logprobs: logprobs: false says that nothing is told (set one of them)"),
            (["logprobs": -2], "logprobs: expected a whole number of at least -1, or true or false, found \"-2\""),
            (["prompt_logprobs": -2], "prompt_logprobs: expected a whole number of at least -1, found \"-2\""),
            (
                ["stop_token_ids": [1, "a"]],
                "stop_token_ids: expected a list of whole numbers of at least 0, found a list (such as [1, 2])"
            ),
            (["stop_token_ids": [-1]], "stop_token_ids: expected a list of whole numbers of at least 0, found a list (such as [1, 2])"),
            (["documents": ["a"]], "documents: expected a list of mappings, found a list"),
            (["documents": [["text": "a"], ["text": 1]]], "documents[1].text: expected a text, found 1"),
            (
                ["repetition_detection": ["foo": 1]],
                "repetition_detection.foo: there is no such member (the members are max_pattern_size, min_pattern_size, min_count)"
            ),
            (
                ["repetition_detection": ["min_count": "a"]],
                "repetition_detection.min_count: expected a whole number of at least 0, found \"a\""
            ),
            (
                ["reasoning_effort": "wild"],
                "reasoning_effort: expected one of none, minimal, low, medium, high, xhigh, max, found \"wild\""
            ),
            (["truncation_side": "up"], "truncation_side: expected one of left, right, found \"up\""),
            (["stream_interval": 0], "stream_interval: expected a whole number of at least 1, found \"0\""),
            (
                ["add_generation_prompt": true, "continue_final_message": true],
                "continue_final_message: add_generation_prompt begins a new message (leave one of them out)"
            ),
            (
                ["response_format": "json", "structured_outputs": ["regex": "a"]],
                "structured_outputs: response_format is set, too, and an answer has one shape (leave one of them out)"
            ),
            (
                ["structured_outputs": ["json_object": true], "guided_regex": "a"],
                "guided_regex: structured_outputs is set, too, and an answer has one shape (leave one of them out)"
            ),
            (
                ["structured_outputs": ["regex": "a", "choice": ["b"]]],
                "structured_outputs: it says several shapes: regex, choice (write exactly one of json, json_object, regex, choice, grammar, structural_tag)"
            ),
            (
                ["structured_outputs": ["json_object": false, "regex": .null]],
                "structured_outputs: it says no shape (write exactly one of json, json_object, regex, choice, grammar, structural_tag)"
            ),
            (
                ["structured_outputs": ["regexp": "a"]],
                "structured_outputs.regexp: there is no such member (the members are json, json_object, regex, choice, grammar, structural_tag, whitespace_pattern, disable_any_whitespace, disable_additional_properties)"
            ),
            (
                ["structured_outputs": ["choice": []]],
                "structured_outputs.choice: expected a list of texts, found [] (such as [red, green])"
            ),
            (
                ["structured_outputs": ["choice": [["a"]]]],
                "structured_outputs.choice: expected a list of texts, found [[\"a\"]] (such as [red, green])"
            ),
            (["structured_outputs": ["regex": 1]], "structured_outputs.regex: expected a text, found 1"),
            (["structured_outputs": ["regex": ""]], "structured_outputs.regex: expected a text, found \"\""),
            (["structured_outputs": ["json": "{"]], "structured_outputs.json: expected a JSON Schema, as a mapping or as JSON text"),
            (["structured_outputs": ["json_object": 1]], "structured_outputs.json_object: expected true or false, found 1"),
            (
                ["structured_outputs": ["regex": "a", "disable_any_whitespace": "x"]],
                "structured_outputs.disable_any_whitespace: expected true or false, found \"x\""
            ),
            (
                ["response_format": ["type": "xml"]],
                "response_format: there is no type \"xml\" (write text, json, or {type: json_schema, json_schema: {name: …, schema: {…}}})"
            ),
            (
                ["response_format": ["type": "json_schema"]],
                "response_format: the type json_schema has no json_schema (write text, json, or {type: json_schema, json_schema: {name: …, schema: {…}}})"
            ),
            (
                ["response_format": [:]],
                "response_format: it has no type (write text, json, or {type: json_schema, json_schema: {name: …, schema: {…}}})"
            ),
            (["request_id": "a b"], "request_id: it holds white space or a character outside ASCII: no header field can hold it"),
            (
                ["tool_choice": "required"],
                "tool_choice: the model must call a tool, and the request has none (send tools, or leave tool_choice out)"
            ),
            (
                ["tool_choice": "f"],
                "tool_choice: the model must call a tool, and the request has none (send tools, or leave tool_choice out)"
            ),
            (
                ["use_completions": false, "suffix": "x"],
                "suffix: a chat has no text after its answer (leave suffix out, or set use_completions: true)"
            ),
        ] as [(JSONObject, String)])
    func refused(options: JSONObject, message: String) throws {
        let error = try refusal(options: options)
        #expect(error?.description == message)
        #expect(error?.code == .invalidRequest)
        #expect(error?.isRetryable == false)
    }

    @Test("a conversation without messages, at both endpoints", arguments: [true, false])
    func noMessages(completions: Bool) throws {
        let error = try refusal(["use_completions": .bool(completions)]) { $0.messages = [] }
        #expect(error?.description == "messages: the conversation is empty (send at least one message)")
    }

    @Test(
        "a name of the call that no header field can hold, wherever it is given",
        arguments: [
            ("a b", "metadata.request_id: it holds white space or a character outside ASCII: no header field can hold it"),
            (17, "metadata.request_id: expected a text, found 17"),
        ] as [(JSONValue, String)])
    func requestID(id: JSONValue, message: String) throws {
        #expect(try refusal { $0.metadata = ["request_id": id] }?.description == message)
        #expect(try refusal { $0.metadata = ["request_id": .null] } == nil)
    }

    @Test("a tool that is not among the request's, with those that are")
    func unknownTool() throws {
        let error = try refusal(options: ["tool_choice": "g"]) { $0.tools = [Self.tool, ToolSpec(name: "h", parameters: [:])] }
        #expect(error?.description == "tool_choice: there is no tool \"g\" (the tools are f, h)")
    }

    @Test("a configured tool_choice holds for calls that have tools, and troubles no other", arguments: ["required", "f", "auto", "none"])
    func configuredToolChoice(choice: JSONValue) throws {
        let settings: JSONObject = ["use_completions": false, "tool_choice": choice]
        #expect(try planned(settings).first?["tool_choice"] == nil)
        #expect(try planned(settings) { $0.tools = [Self.tool] }.first?["tool_choice"] != nil)
    }

    @Test("the echo of a completion that may hold tool calls")
    func echo() throws {
        let error = try refusal(options: ["echo": true]) { $0.tools = [Self.tool] }
        let place = "echo: behind the prompt of a completion, its tool calls cannot be told from those of the answer"
        #expect(error?.description == "\(place) (leave out echo or the tools, or set use_completions: false)")
        #expect(try refusal(options: ["echo": true, "tool_choice": "none"]) { $0.tools = [Self.tool] } == nil)
    }

    @Test(
        "in the configuration it is found at mount, with its place",
        arguments: [
            (["logit_bias": ["a": 1]], "config.logit_bias: expected token ids as keys, found \"a\""),
            (["structured_outputs": ["regexp": "a"]], "config.structured_outputs.regexp: there is no such member"),
            (["dialect": "ollama"], "config.dialect: expected auto, openai or a version of vLLM, found \"ollama\""),
            (["tool_choice": ["type": "function"]], "config.tool_choice: it names no tool: {\"type\":\"function\"}"),
        ] as [(JSONObject, String)])
    func mounting(settings: JSONObject, message: String) throws {
        let error = #expect(throws: (any Error).self) { try VLLMProvider(settings, transport: ScriptedTransport([])) }
        #expect(error.map { "\($0)" }?.contains(message) == true, "\(error.map { "\($0)" } ?? "")")
    }
}
