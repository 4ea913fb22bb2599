import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("What else servers say")
struct OtherFieldTests {
    private func streamed(_ chunks: [JSONValue], _ settings: JSONObject = [:]) async throws -> ChatResponse {
        let transport = ScriptedTransport([.events(chunks.map(\.text) + ["[DONE]"])])
        var configuration: JSONObject = ["use_completions": false]
        configuration.merge(settings)
        return try await VLLMProvider(configuration, transport: transport).ask("Hi")
    }

    private func chunk(_ choices: [JSONObject], _ fields: JSONObject = [:]) -> JSONValue {
        var chunk: JSONObject = ["id": "chatcmpl-1", "created": 7, "model": "m-7b", "choices": .array(choices.map { .object($0) })]
        chunk.merge(fields)
        return .object(chunk)
    }

    @Test("fields that nobody knows survive, of the answer, of a choice and of a message, streamed and not")
    func unknownFields() async throws {
        let wanted: JSONObject = [
            "vllm:response_id": "chatcmpl-1", "vllm:model": "m-7b", "vllm:created": 7, "vllm:top": ["a": [1, 2.50]],
            "vllm:kv_transfer_params": ["block": 3], "vllm:finish_reason": "stop", "vllm:odd": "x", "vllm:mood": "good",
            "vllm:refusal": "no",
        ]
        let fields: JSONObject = ["top": ["a": [1, 2.50]], "kv_transfer_params": ["block": 3], "service_tier": .null]
        let streamed = try await streamed([
            chunk([["index": 0, "delta": ["role": "assistant", "content": ""], "odd": "w"]]),
            chunk([["index": 0, "delta": ["content": "4", "mood": "good", "refusal": "no"], "odd": "x"]], fields),
            chunk([["index": 0, "delta": [:], "finish_reason": "stop", "stop_reason": .null]]),
        ])
        let answer = chunk(
            [
                [
                    "index": 0, "message": ["role": "assistant", "content": "4", "mood": "good", "refusal": "no", "audio": .null],
                    "odd": "x", "finish_reason": "stop",
                ]
            ], fields)
        let provider = try VLLMProvider(["use_completions": false, "use_streaming": false], transport: ScriptedTransport([.json(answer)]))
        for metadata in [try await provider.ask("Hi").metadata, streamed.metadata] {
            #expect(Set((metadata ?? [:]).keys) == Set(wanted.keys))
            for (key, value) in wanted { #expect(metadata?[key] == value) }
        }
        #expect(streamed.text == "4")
    }

    @Test("several answers each keep their finish reason and what else is said of them")
    func choices() async throws {
        let call: JSONValue = [["index": 0, "id": "c", "function": ["name": "f", "arguments": "{}"]]]
        let response = try await streamed([
            chunk([["index": 1, "delta": ["role": "assistant", "content": ""]]]),
            chunk([["index": 0, "delta": ["role": "assistant", "content": ""]]]),
            chunk([["index": 1, "delta": ["content": "one"]], ["index": 0, "delta": ["tool_calls": call]]]),
            chunk([["index": 1, "delta": [:], "finish_reason": "length", "odd": 1]]),
            chunk([["index": 0, "delta": [:], "finish_reason": "stop", "stop_reason": 0]]),
            chunk([], ["usage": ["prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3]]),
        ])
        #expect(response.content.map(\.choice) == [1, 0])
        #expect(
            response.metadata?["vllm:choices"] == [
                ["index": 0, "finish_reason": "tool_calls", "raw_finish_reason": "stop", "stop_reason": 0],
                ["odd": 1, "index": 1, "finish_reason": "length", "stop_reason": .null],
            ])
        #expect(response.finishReason == "tool_calls")
    }

    @Test("a choice with a number that cannot be is an error and no crash", arguments: [-1, 65536, Int.max, Int.min])
    func hostileChoice(index: Int) async throws {
        let chunks = [chunk([["index": .integer(index), "delta": ["content": "x"], "token_ids": [1]]])]
        let transport = ScriptedTransport([.events(chunks.map(\.text) + ["[DONE]"])])
        let error = await (try VLLMProvider(["use_completions": false], transport: transport)).failure()
        #expect(error?.code == .stream)
        #expect(error?.message.contains("\(index)") == true)
    }

    @Test(
        "reasoning under both of its names is told once, whichever of them a chunk has",
        arguments: [
            [["reasoning": "Hm", "reasoning_content": "Hm"], ["reasoning": ".", "reasoning_content": "."]],
            [["reasoning": "Hm", "reasoning_content": "Hm"], ["reasoning_content": "."]],
            [["reasoning": .null, "reasoning_content": "Hm"], ["reasoning": ".", "reasoning_content": .null]],
            [["reasoning": "", "reasoning_content": "Hm"], ["reasoning": "."]],
        ] as [[JSONObject]])
    func reasoningNames(deltas: [JSONObject]) async throws {
        let response = try await streamed(
            deltas.map { chunk([["index": 0, "delta": .object($0)]]) } + [
                chunk([["index": 0, "delta": ["content": "4"]]]), chunk([["index": 0, "delta": [:], "finish_reason": "stop"]]),
            ])
        #expect(response.thinking == "Hm.")
        #expect(response.text == "4")
    }

    @Test("reasoning of white space alone makes no block, and no content makes one empty one")
    func blankReasoning() async throws {
        let response = try await streamed([
            chunk([["index": 0, "delta": ["reasoning": "\n"]]]), chunk([["index": 0, "delta": ["reasoning": " \n"]]]),
            chunk([["index": 0, "delta": [:], "finish_reason": "stop"]]),
        ])
        #expect(response.content == [.text(TextBlock(""))])
    }

    @Test("ids of hidden tokens, in chunks without text, are kept, and the prompt's")
    func tokenIDs() async throws {
        let response = try await streamed([
            chunk([["index": 0, "delta": ["role": "assistant", "content": ""]]], ["prompt_token_ids": [1, 304, 2]]),
            chunk([["index": 0, "delta": [:], "token_ids": [3]]]),
            chunk([["index": 0, "delta": ["content": "4"], "token_ids": [26, 20]]]),
            chunk([["index": 0, "delta": [:], "finish_reason": "stop", "token_ids": [2]]]),
        ])
        #expect(response.tokenIDs == [[3, 26, 20, 2]])
        #expect(response.promptTokenIDs == [1, 304, 2])
        #expect(response.text == "4")
    }

    @Test("of a usage in every chunk the last one counts, with all its details and those that nobody knows")
    func usage() async throws {
        func usage(_ output: Int) -> JSONObject {
            [
                "usage": [
                    "prompt_tokens": 1000, "completion_tokens": .integer(output), "total_tokens": .integer(1000 + output),
                    "prompt_tokens_details": [
                        "cached_tokens": 384, "created_cache_tokens": 128, "multimodal_tokens": 70, "audio_tokens": 5,
                    ],
                    "completion_tokens_details": ["reasoning_tokens": 1],
                ]
            ]
        }
        let response = try await streamed(
            [
                chunk([["index": 0, "delta": ["content": "4"]]], usage(1)),
                chunk([["index": 0, "delta": [:], "finish_reason": "stop"]], usage(2)), chunk([], usage(3)),
            ],
            ["pricing": ["input_per_million": 1, "output_per_million": 2.5, "cache_read_per_million": 0.1]])
        #expect(
            response.usage?.json == [
                "input_tokens": 1000, "output_tokens": 3, "total_tokens": 1003, "reasoning_tokens": 1, "cache_read_tokens": 384,
                "cache_write_tokens": 128, "cost_usd": "0.0006619", "multimodal_tokens": 70, "prompt_tokens_details": ["audio_tokens": 5],
            ])
    }
}
