import JSON
import ProviderKit
import Testing

/// JSON texts in Amplifier's shapes need the parser; values written as literals say the same.
@Suite("The contract's JSON shapes")
struct ContractRoundTripTests {
    static let blocks: [JSONValue] = [
        ["type": "text", "text": "hello"],
        ["type": "text", "text": "hello", "visibility": "user", "cache_control": ["type": "ephemeral"]],
        ["type": "thinking", "thinking": "hm", "signature": "abc", "content": [["a": 1]], "visibility": "internal", "x": .null],
        ["type": "redacted_thinking", "data": "opaque"],
        ["type": "tool_call", "id": "c1", "name": "f", "input": ["a": [1, 2.5, "x"]], "index": 0],
        ["type": "tool_result", "tool_call_id": "c1", "output": ["ok": true]],
        ["type": "image", "source": ["type": "url", "url": "http://example.org/a.png"]],
        ["type": "reasoning", "content": [["type": "reasoning_text", "text": "t"]], "summary": []],
        ["type": "hologram", "beam": [1, 2], "nested": ["deep": .null]],
    ]

    @Test("a content block of any kind survives decoding and encoding with the fields that nobody knows", arguments: blocks)
    func blockRoundTrip(json: JSONValue) throws {
        #expect(try ContentBlock(json: json).json == json)
    }

    @Test("a request with every field and unknown ones survives decoding and encoding")
    func requestRoundTrip() throws {
        let json: JSONValue = [
            "messages": [
                ["role": "system", "content": "Be brief.", "name": "ops"],
                ["role": "assistant", "content": .array(Self.blocks), "metadata": ["vllm:response_id": "x"], "tool_calls": []],
                ["role": "tool", "content": "42", "tool_call_id": "c1"],
                ["role": "narrator", "content": "Meanwhile"],
            ],
            "tools": [["name": "f", "parameters": ["type": "object"], "description": "does f", "type": "native"]],
            "response_format": ["type": "json_schema", "json_schema": ["type": "object"], "strict": true],
            "temperature": 0.0, "top_p": 0.9, "max_output_tokens": 5, "conversation_id": "c", "stream": false,
            "metadata": ["a": .null], "model": "m", "tool_choice": ["type": "function"], "stop": ["x"], "reasoning_effort": "low",
            "timeout": 1.5, "vendor_field": [1, 2, 3],
        ]
        #expect(try ChatRequest(json: json).json == json)
    }

    @Test("a response with usage, degradation, log-probabilities and unknown fields survives decoding and encoding")
    func responseRoundTrip() throws {
        let json: JSONValue = [
            "content": .array(Self.blocks),
            "tool_calls": [["id": "c1", "name": "f", "arguments": ["a": 1], "kind": "x"]],
            "usage": [
                "input_tokens": 5, "output_tokens": 3, "total_tokens": 8, "reasoning_tokens": 1, "cache_read_tokens": 0,
                "cost_usd": "0.00012", "multimodal_tokens": 4,
            ],
            "degradation": ["requested": "a", "actual": "b", "reason": "c", "since": 3],
            "finish_reason": "stop", "metadata": ["k": "v"],
            "logprobs": [
                ["token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": [["token": "a", "logprob": -0.5, "bytes": [97]]]],
                [
                    "token": "b", "logprob": -1.5, "token_id": 7,
                    "top_logprobs": [["token": "c", "logprob": -2.0, "token_id": 9, "rank": 2, "x": 1]], "choice": 1,
                    "block_index": 2, "text_offset": 0, "y": 2,
                ],
                ["token": "The", "logprob": .null, "top_logprobs": []],
            ],
            "prompt_logprobs": [.null, ["token": "us", "logprob": -12.5, "token_id": 304, "rank": 977, "top_logprobs": []]],
            "prompt_token_ids": [1, 304], "token_ids": [[5, 6], []],
            "content_blocks": ["anything"],
        ]
        #expect(try ChatResponse(json: json).json == json)
    }

    @Test("models, providers and their settings survive decoding and encoding")
    func catalogueRoundTrip() throws {
        let model: JSONValue = [
            "id": "m", "display_name": "M", "context_window": 2048, "max_output_tokens": 1024, "capabilities": ["tools"],
            "defaults": ["temperature": 0.7],
            "pricing": ["input_per_million": 1.0, "output_per_million": 2.0, "currency": "EUR", "tier": 1], "root": "r",
        ]
        #expect(try ModelInfo(json: model).json == model)
        let provider: JSONValue = [
            "id": "vllm", "display_name": "vLLM", "credential_env_vars": ["VLLM_API_KEY"], "capabilities": [], "defaults": [:],
            "config_fields": [
                [
                    "id": "base_url", "display_name": "URL", "prompt": "Where?", "field_type": "choice", "env_var": "V",
                    "choices": ["a"], "default": "a", "required": false, "show_when": ["x": "y"],
                ]
            ],
        ]
        #expect(try ProviderInfo(json: provider).json == provider)
    }

    @Test(
        "a value of the wrong type is an error that names the member",
        arguments: [
            (["messages": 3], "messages: expected an array, found number"),
            ([:], "messages: is required"),
            (["messages": [["role": "user", "content": [["type": "text"]]]]], "messages[0].content[0].text: is required"),
            (
                ["messages": [["role": "user", "content": true]]],
                "messages[0].content: expected a string or an array of content blocks, found boolean"
            ),
            (["messages": [], "temperature": "hot"], "temperature: expected a number, found string"),
            (["messages": [], "tools": [["name": "f", "parameters": []]]], "tools[0].parameters: expected an object, found array"),
            (
                ["messages": [], "response_format": ["type": "xml"]],
                "response_format.type: expected text, json or json_schema, found \"xml\""
            ),
            (["messages": [], "response_format": ["type": "json_schema"]], "response_format.schema: is required"),
        ] as [(JSONValue, String)])
    func wrongTypes(json: JSONValue, message: String) {
        let error = #expect(throws: ContractError.self) { try ChatRequest(json: json) }
        #expect(error?.description == message)
    }

    @Test("null is read as a missing member, as pydantic writes it")
    func nullIsMissing() throws {
        let request = try ChatRequest(json: ["messages": [], "tools": .null, "model": .null, "temperature": .null])
        #expect(request.tools == nil)
        #expect(request.model == nil)
        #expect(request.json == ["messages": []])
    }

    @Test("an answer without content is one empty text block, so that a loop does not ask for ever")
    func emptyAnswer() {
        #expect(ChatResponse(content: []).content == [.text(TextBlock(""))])
    }

    @Test("token counts that cannot be are no crash", arguments: [(Int.max, 2), (Int.min, 1), (Int.max, Int.max), (-1, -1)])
    func hostileUsage(input: Int, output: Int) {
        var usage = Usage(inputTokens: input, outputTokens: output)
        usage.add(usage)
        #expect(usage.totalTokens >= 0)
    }

    @Test(
        "what several calls cost is added exactly, and is unknown where one of them is",
        arguments: [
            ("0.1", "0.2", "0.3"), ("1E-7", "0.0000009", "0.000001"), ("0.00", "5", "5"), ("-0.5", "0.25", "-0.25"), ("0.1", nil, nil),
            ("0.1", "a lot", nil), ("1e400", "1", nil),
            ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999", nil),
        ] as [(String?, String?, String?)])
    func costSum(left: String?, right: String?, sum: String?) {
        var usage = Usage(inputTokens: 1, outputTokens: 1)
        var other = usage
        (usage.costUSD, other.costUSD) = (left, right)
        var reverse = other
        reverse.add(usage)
        usage.add(other)
        #expect(usage.costUSD == sum)
        #expect(reverse.costUSD == sum)
    }

    @Test("the counts of several calls are added, what is unknown in all of them stays unknown")
    func usageSum() {
        var usage = Usage(inputTokens: 3, outputTokens: 2)
        var other = Usage(inputTokens: 10, outputTokens: 20)
        other.reasoningTokens = 5
        usage.add(other)
        #expect(usage.json == ["input_tokens": 13, "output_tokens": 22, "total_tokens": 35, "reasoning_tokens": 5])
    }
}
