import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMClient

extension RealServer {
    /// vLLM ignores fields that it does not know, so that only an effect shows that an option has arrived.
    @Suite("The effect of options")
    struct OptionTests {
        private static let question = "What is the capital of France?"
        private static let answer = "The capital of France is Paris."

        private func ask(
            _ mode: CallMode, _ options: JSONObject, _ messages: [Message] = [.user(question)]
        ) async throws -> ChatResponse {
            var options = options
            if options["temperature"] == nil { options["temperature"] = 0 }
            return try await RealServer.provider(mode.settings).complete(ChatRequest(messages: messages), options: options)
        }

        /// The ids of the tokens of a text.
        private func tokens(_ text: String) async throws -> JSONValue {
            .array(
                try await RealServer.client.tokenize(TokenizeRequest(.prompt(text, addSpecialTokens: false))).tokens.map { .integer($0) })
        }

        @Test(
            "that turn thinking off, or leave it out", arguments: CallMode.all,
            [
                ["enable_thinking": false], ["reasoning_effort": "none"], ["include_reasoning": false],
                ["enable_thinking": false, "documents": [["text": "x"]]],
            ] as [JSONObject])
        func withoutThinking(mode: CallMode, options: JSONObject) async throws {
            let response = try await ask(mode, options)
            #expect(response.text == Self.answer)
            #expect(response.thinking.isEmpty)
            #expect(try await !ask(mode, [:]).thinking.isEmpty)
        }

        @Test("that end an answer", arguments: CallMode.all)
        func ends(mode: CallMode) async throws {
            #expect(try await ask(mode, ["stop": "of France is"]).text == "The capital ")
            #expect(try await ask(mode, ["stop": "of France is", "include_stop_str_in_output": true]).text == "The capital of France is")
            let id = try #require(try await tokens(" capital")[0])
            #expect(try await ask(mode, ["stop_token_ids": id, "enable_thinking": false]).finishReason == "stop")
            let long = try await ask(mode, ["ignore_eos": true, "max_tokens": 60])
            #expect(long.usage?.outputTokens == 60)
            #expect(long.finishReason == "length")
            #expect((try await ask(mode, ["min_tokens": 50]).usage?.outputTokens ?? 0) >= 50)
        }

        @Test("that forbid words", arguments: CallMode.all)
        func forbidden(mode: CallMode) async throws {
            let thought: JSONObject = ["enable_thinking": false, "max_tokens": 20]
            func text(_ option: JSONObject) async throws -> String {
                var options = thought
                options.merge(option)
                return try await ask(mode, options).text
            }
            #expect(try await text([:]).contains("Paris"))
            #expect(try await !text(["bad_words": ["Paris"]]).contains("Paris"))
            let id = try #require(try await tokens(" Paris")[0]?.int)
            #expect(try await !text(["logit_bias": ["\(id)": -100]]).contains(" Paris"))
            let allowed = try await text(["allowed_token_ids": [.integer(id)], "max_tokens": 3])
            #expect(allowed.contains("Paris") && allowed.allSatisfy { " Paris".contains($0) })
        }

        @Test("that cut the prompt", arguments: CallMode.all)
        func truncated(mode: CallMode) async throws {
            #expect(try await ask(mode, ["truncate_prompt_tokens": 5, "max_tokens": 4]).usage?.inputTokens == 5)
            let (left, right) = (
                try await ask(mode, ["truncate_prompt_tokens": 5, "truncation_side": "left", "return_token_ids": true, "max_tokens": 4]),
                try await ask(mode, ["truncate_prompt_tokens": 5, "truncation_side": "right", "return_token_ids": true, "max_tokens": 4])
            )
            #expect([left, right].map { $0.usage?.inputTokens } == [5, 5])
            #expect(left.text + left.thinking != right.text + right.thinking)
        }

        @Test(
            "that let the model go on with a message", arguments: CallMode.all,
            [[:], ["enable_thinking": false], ["include_reasoning": false], ["continuation": 9, "max_tokens": 2]] as [JSONObject])
        func continued(mode: CallMode, options: JSONObject) async throws {
            var options = options
            options["continue_final_message"] = true
            let begun = Message(role: .assistant, content: "The capital of")
            let response = try await ask(mode, options, [.user(Self.question), begun])
            #expect(response.text == " France is Paris.")
            #expect(response.thinking.isEmpty)
            #expect(response.usage?.reasoningTokens ?? 0 == 0)
        }

        @Test("that make the draw repeatable", arguments: CallMode.all)
        func seeded(mode: CallMode) async throws {
            var answers: [[String]] = []
            for _ in 0..<2 {
                var draws: [String] = []
                for seed in 1...6 {
                    draws.append(try await ask(mode, ["temperature": 1, "seed": .integer(seed)], [.user("Flip a coin.")]).text)
                }
                answers.append(draws)
            }
            #expect(answers[0] == answers[1])
        }

        @Test("that say the shape of an answer are done by chat on both endpoints, streamed and not", arguments: CallMode.all)
        func shape(mode: CallMode) async throws {
            func text(_ option: JSONObject) async throws -> String {
                let response = try await ask(mode, option)
                #expect((response.degradation == nil) == (mode.endpoint == "chat"))
                return response.text
            }
            #expect(try await ["red", "green"].contains(text(["structured_outputs": ["choice": ["red", "green"]]])))
            #expect(try await text(["structured_outputs": ["regex": "[0-9]{3}"]]).count == 3)
            let json = try await text([
                "structured_outputs": ["json": ["type": "object", "properties": ["a": ["type": "boolean"]], "required": ["a"]]]
            ])
            #expect(try JSONValue(parsing: json)["a"]?.bool != nil)
        }

        @Test("that change nothing that is seen are taken", arguments: CallMode.all)
        func unseen(mode: CallMode) async throws {
            let options: JSONObject = [
                "request_priority": 0, "cache_salt": "salt", "user": "u", "stream_interval": 3, "kv_transfer_params": ["a": 1],
                "ec_transfer_params": ["a": 1], "vllm_xargs": ["a": "b"], "repetition_detection": ["max_pattern_size": 3, "min_count": 9],
                "spaces_between_special_tokens": false, "skip_special_tokens": true, "top_k": 5, "min_p": 0.01, "top_p": 0.9,
                "presence_penalty": 0, "frequency_penalty": 0, "repetition_penalty": 1, "length_penalty": 1,
                "thinking_token_budget": 500,
                "headers": ["X-Team": "a"], "request_id": "option-test", "n": 1,
            ]
            let response = try await ask(mode, options)
            #expect(response.text == Self.answer)
            #expect(response.degradation == nil)
        }
    }
}
