import JSON
import ProviderKit
import Testing
import VLLMProvider

/// Whole bodies, so that nothing is sent that was not asked for.
@Suite("What an option adds to the requests")
struct OptionBodyTests {
    private static let tool = ToolSpec(name: "f", parameters: ["type": "object"])
    private static let sentTool: JSONValue = ["type": "function", "function": ["name": "f", "parameters": ["type": "object"]]]
    private static let messages: JSONValue = [["role": "user", "content": "Hi"]]
    private static let common: JSONObject = [
        "model": "m", "max_tokens": 1024, "temperature": 0.7, "stream": true, "stream_options": ["include_usage": true],
    ]
    private static let chat = common.with(["messages": messages])
    private static let completion = common.with(["prompt": []])
    private static let tokenize: JSONObject = (["model": "m", "messages": messages, "add_generation_prompt": true] as JSONObject)
        .sortedByKey

    /// Options that mean the same to both endpoints.
    private static let shared: [(JSONObject, JSONObject)] = [
        (["max_tokens": 5], ["max_tokens": 5]),
        (["temperature": 0], ["temperature": 0.0]),
        (["top_p": 0.5], ["top_p": 0.5]),
        (["top_k": -1], ["top_k": -1]),
        (["min_p": 0.1], ["min_p": 0.1]),
        (["seed": 0], ["seed": 0]),
        (["n": 3], ["n": 3]),
        (["stop": "a"], ["stop": ["a"]]),
        (["stop_token_ids": [7, 8]], ["stop_token_ids": [7, 8]]),
        (["stop_token_ids": 7], ["stop_token_ids": [7]]),
        (["include_stop_str_in_output": true], ["include_stop_str_in_output": true]),
        (["bad_words": ["x"]], ["bad_words": ["x"]]),
        (["presence_penalty": -1], ["presence_penalty": -1.0]),
        (["frequency_penalty": 1.5], ["frequency_penalty": 1.5]),
        (["repetition_penalty": 1.1], ["repetition_penalty": 1.1]),
        (["length_penalty": 0.5], ["length_penalty": 0.5]),
        (["logit_bias": ["9": 1, "5": -100]], ["logit_bias": ["5": -100.0, "9": 1.0]]),
        (["min_tokens": 2], ["min_tokens": 2]),
        (["ignore_eos": true], ["ignore_eos": true]),
        (["allowed_token_ids": [1, 2]], ["allowed_token_ids": [1, 2]]),
        (["skip_special_tokens": false], ["skip_special_tokens": false]),
        (["spaces_between_special_tokens": false], ["spaces_between_special_tokens": false]),
        (["repetition_detection": ["max_pattern_size": 3]], ["repetition_detection": ["max_pattern_size": 3]]),
        (["logprob_token_ids": [4]], ["logprob_token_ids": [4]]),
        (["prompt_logprobs": 0], ["prompt_logprobs": 0, "stream": .null, "stream_options": .null]),
        (["prompt_logprobs": -1], ["prompt_logprobs": -1, "stream": .null, "stream_options": .null]),
        (["prompt_logprobs": 2], ["prompt_logprobs": 2, "stream": .null, "stream_options": .null]),
        (["return_token_ids": true], ["return_token_ids": true]),
        (["return_tokens_as_token_ids": true], ["return_tokens_as_token_ids": true]),
        (["thinking_token_budget": 16], ["thinking_token_budget": 16]),
        (["truncate_prompt_tokens": -1], ["truncate_prompt_tokens": -1]),
        (["truncation_side": "LEFT"], ["truncation_side": "left"]),
        (["request_priority": -3], ["priority": -3]),
        (["cache_salt": "s"], ["cache_salt": "s"]),
        (["user": "u"], ["user": "u"]),
        (["stream_interval": 4], ["stream_interval": 4]),
        (["echo": true], ["echo": true]),
        (["kv_transfer_params": ["a": 1]], ["kv_transfer_params": ["a": 1]]),
        (["ec_transfer_params": ["a": 1]], ["ec_transfer_params": ["a": 1]]),
        (["vllm_xargs": ["a": "b"]], ["vllm_xargs": ["a": "b"]]),
        (["extra_body": ["x": [1], "max_tokens": 7]], ["x": [1], "max_tokens": 7]),
        (["use_streaming": false], ["stream": .null, "stream_options": .null]),
        (["request_id": "r-1"], [:]),
        (["parallel_tool_calls": false], [:]),
        (["tool_choice": "none"], [:]),
        (["include_reasoning": .null], [:]),
    ]

    @Test("that both endpoints have", arguments: shared.indices)
    func sharedOption(index: Int) throws {
        let (options, added) = Self.shared[index]
        #expect(try planned(["use_completions": false], options: options) == [Self.chat.with(added)])
        #expect(try planned(options: options) == [Self.tokenize, Self.completion.with(added)])
        // The configuration says the same with the same key.
        if options["request_id"] == nil {
            #expect(try planned(options.with(["use_completions": false])) == [Self.chat.with(added)])
        }
    }

    /// Options that each endpoint takes in its own words: what they add to a chat, to `/tokenize` and to a completion.
    private static let own: [(options: JSONObject, chat: JSONObject, tokenize: JSONObject, completion: JSONObject)] = [
        (["logprobs": 2], ["logprobs": true, "top_logprobs": 2], [:], ["logprobs": 2]),
        (["logprobs": -1], ["logprobs": true, "top_logprobs": -1], [:], ["logprobs": -1]),
        (["top_logprobs": -1], ["logprobs": true, "top_logprobs": -1], [:], ["logprobs": -1]),
        (["logprobs": true], ["logprobs": true, "top_logprobs": 0], [:], ["logprobs": 0]),
        (["logprobs": false], [:], [:], [:]),
        (["top_logprobs": 3], ["logprobs": true, "top_logprobs": 3], [:], ["logprobs": 3]),
        (["logprobs": true, "top_logprobs": 3], ["logprobs": true, "top_logprobs": 3], [:], ["logprobs": 3]),
        (
            ["reasoning_effort": "high"], ["reasoning_effort": "high"], ["chat_template_kwargs": ["reasoning_effort": "high"]],
            [:]
        ),
        (
            ["reasoning_effort": "none"], ["reasoning_effort": "none"],
            ["chat_template_kwargs": ["reasoning_effort": "none", "enable_thinking": false, "thinking": false]], [:]
        ),
        (["include_reasoning": false], ["include_reasoning": false], [:], [:]),
        (
            ["documents": ["text": "a"]], ["documents": [["text": "a"]]],
            ["chat_template_kwargs": ["documents": [["text": "a"]]]], [:]
        ),
        (["add_special_tokens": true], ["add_special_tokens": true], ["add_special_tokens": true], [:]),
        (["add_generation_prompt": false], ["add_generation_prompt": false], ["add_generation_prompt": false], [:]),
        (
            ["continue_final_message": true], ["continue_final_message": true, "add_generation_prompt": false],
            ["continue_final_message": true, "add_generation_prompt": false], [:]
        ),
    ]

    @Test("that each endpoint has its own way for", arguments: own.indices)
    func ownOption(index: Int) throws {
        let row = Self.own[index]
        #expect(try planned(["use_completions": false], options: row.options) == [Self.chat.with(row.chat)])
        #expect(try planned(options: row.options) == [Self.tokenize.with(row.tokenize), Self.completion.with(row.completion)])
    }

    @Test(
        "that is about the template: to the chat endpoint, and to /tokenize, which makes the prompt of a completion",
        arguments: [
            (["chat_template": "{{x}}"], ["chat_template": "{{x}}"]),
            (["chat_template_kwargs": ["a": 1]], ["chat_template_kwargs": ["a": 1]]),
            (["enable_thinking": false], ["chat_template_kwargs": ["enable_thinking": false, "thinking": false]]),
            (["enable_thinking": true], ["chat_template_kwargs": ["enable_thinking": true, "thinking": true]]),
            (
                ["enable_thinking": true, "chat_template_kwargs": ["thinking": false]],
                ["chat_template_kwargs": ["enable_thinking": true, "thinking": false]]
            ),
            (["mm_processor_kwargs": ["a": 1]], ["mm_processor_kwargs": ["a": 1]]),
            (["media_io_kwargs": ["video": ["num_frames": 4]]], ["media_io_kwargs": ["video": ["num_frames": 4]]]),
        ] as [(JSONObject, JSONObject)])
    func templateOption(options: JSONObject, added: JSONObject) throws {
        #expect(try planned(["use_completions": false], options: options) == [Self.chat.with(added)])
        #expect(try planned(options: options) == [Self.tokenize.with(added), Self.completion])
    }

    private static let schema: JSONValue = ["type": "object", "title": "A point"]

    @Test(
        "the shape of an answer is asked of the chat endpoint, in every form that people write it in",
        arguments: [
            (["response_format": "text"], [:]),
            (["response_format": ["type": "text"]], [:]),
            (["response_format": "json"], ["response_format": ["type": "json_object"]]),
            (["response_format": ["type": "json_object"]], ["response_format": ["type": "json_object"]]),
            (
                ["response_format": ["type": "json_schema", "json_schema": ["name": "p", "schema": schema, "strict": true]]],
                ["response_format": ["type": "json_schema", "json_schema": ["name": "p", "schema": schema, "strict": true]]]
            ),
            (
                ["response_format": ["type": "json_schema", "json_schema": schema, "strict": false]],
                ["response_format": ["type": "json_schema", "json_schema": ["name": "A_point", "schema": schema, "strict": false]]]
            ),
            (
                ["response_format": ["type": "json_schema", "schema": ["type": "array"]]],
                ["response_format": ["type": "json_schema", "json_schema": ["name": "answer", "schema": ["type": "array"]]]]
            ),
            (
                ["response_format": ["type": "structural_tag", "structures": []]],
                ["response_format": ["type": "structural_tag", "structures": []]]
            ),
            (["structured_outputs": ["json": schema]], ["structured_outputs": ["json": schema]]),
            (["structured_outputs": ["json": "{\"type\": \"object\"}"]], ["structured_outputs": ["json": ["type": "object"]]]),
            (["structured_outputs": ["json_object": true]], ["structured_outputs": ["json_object": true]]),
            (["structured_outputs": ["regex": "[ab]+", "json": .null]], ["structured_outputs": ["regex": "[ab]+"]]),
            (["structured_outputs": ["choice": ["red", 1, true]]], ["structured_outputs": ["choice": ["red", "1", "true"]]]),
            (["structured_outputs": ["grammar": "root ::= \"a\""]], ["structured_outputs": ["grammar": "root ::= \"a\""]]),
            (["structured_outputs": ["structural_tag": ["a": 1]]], ["structured_outputs": ["structural_tag": "{\"a\":1}"]]),
            (
                ["structured_outputs": ["json_object": true, "whitespace_pattern": " ?", "disable_any_whitespace": true]],
                ["structured_outputs": ["json_object": true, "whitespace_pattern": " ?", "disable_any_whitespace": true]]
            ),
        ] as [(JSONObject, JSONObject)])
    func answerShape(options: JSONObject, added: JSONObject) throws {
        #expect(try planned(["use_completions": false], options: options) == [Self.chat.with(added)])
        // Over completions the constraint would silently not hold.
        if !added.isEmpty { #expect(try planned(options: options) == [Self.chat.with(added)]) }
    }

    @Test("the request's own response format counts as the option does, also with OpenAI's wrapping in it")
    func requestFormat() throws {
        let expected: JSONValue = ["type": "json_schema", "json_schema": ["name": "p", "schema": Self.schema, "strict": true]]
        let wrapped: JSONObject = ["name": "p", "schema": Self.schema, "strict": true]
        let body = try planned { $0.responseFormat = .jsonSchema(schema: wrapped, strict: nil) }
        #expect(body == [Self.chat.with(["response_format": expected])])
    }

    @Test(
        "tool_choice and parallel_tool_calls go with tools, in every form that hosts write them in",
        arguments: [
            ("auto", "auto"), ("none", "none"), ("required", "required"), ("f", ["type": "function", "function": ["name": "f"]]),
            (["type": "function", "name": "f"], ["type": "function", "function": ["name": "f"]]),
            (["type": "tool", "name": "f"], ["type": "function", "function": ["name": "f"]]),
            (["type": "auto"], "auto"), (["type": "any"], "required"), (["type": "none"], "none"),
        ] as [(JSONValue, JSONValue)])
    func toolOptions(given: JSONValue, sent: JSONValue) throws {
        let body = try planned(["use_completions": false], options: ["tool_choice": given, "parallel_tool_calls": true]) { request in
            request.tools = [Self.tool]
        }
        #expect(body == [Self.chat.with(["tools": [Self.sentTool], "tool_choice": sent, "parallel_tool_calls": true])])
    }

    @Test("what a host says of a tool beyond the contract goes into the function; an empty list of tools is not sent")
    func additionalMembers() throws {
        var tool = Self.tool
        tool.additional = ["type": "function", "strict": true]
        let body = try planned(["use_completions": false]) { $0.tools = [tool] }
        let sent: JSONValue = ["type": "function", "function": ["name": "f", "parameters": ["type": "object"], "strict": true]]
        #expect(body == [Self.chat.with(["tools": [sent]])])
        #expect(try planned(["use_completions": false]) { $0.tools = [] } == [Self.chat])
    }

    @Test("suffix goes to a completion, and add_special_tokens to one whose prompt is text")
    func completionOnly() throws {
        #expect(try planned(options: ["suffix": "end"]) == [Self.tokenize, Self.completion.with(["suffix": "end"])])
        let plain = try planned(options: ["prompt_format": "plain", "add_special_tokens": false])
        #expect(plain == [Self.completion.with(["prompt": "[USER]\nHi\n\n[ASSISTANT]\n", "add_special_tokens": false])])
    }
}
