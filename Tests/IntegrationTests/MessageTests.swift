import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMClient
import VLLMProvider

extension RealServer {
    @Suite("A host's messages")
    struct MessageTests {
        /// A dialogue with reasoning, two calls side by side, and results as a message and as a block.
        private static let history: JSONValue = [
            ["role": "system", "content": [["type": "text", "text": "Be kind."], ["type": "text", "text": "Be brief."]]],
            ["role": "developer", "content": "Use the tools."], ["role": "user", "name": "ann", "content": "What is the weather?"],
            [
                "role": "assistant",
                "content": [
                    ["type": "thinking", "thinking": "I need a tool."], ["type": "text", "text": "Let me see."],
                    ["type": "tool_call", "id": "c1", "name": "f", "input": ["city": "Rome"]],
                    ["type": "tool_call", "id": "c2", "name": "f", "input": ["city": "Oslo"]],
                ],
            ],
            ["role": "tool", "tool_call_id": "c1", "content": [["type": "text", "text": "22"], ["type": "text", "text": "sunny"]]],
            ["role": "user", "content": [["type": "tool_result", "tool_call_id": "c2", "output": ["degrees": 3]]]],
        ]

        private static let rendered = """
            <|im_start|>system
            Be kind.
            Be brief.

            Use the tools.<|im_end|>
            <|im_start|>user
            What is the weather?<|im_end|>
            <|im_start|>assistant
            <think>
            I need a tool.
            </think>

            Let me see.
            <tool_call>
            {"name": "f", "arguments": {"city": "Rome"}}
            </tool_call>
            <tool_call>
            {"name": "f", "arguments": {"city": "Oslo"}}
            </tool_call><|im_end|>
            <|im_start|>tool
            22
            sunny<|im_end|>
            <|im_start|>tool
            {"degrees":3}<|im_end|>
            <|im_start|>assistant

            """

        /// The body of the first request that a call would send.
        private func body(_ messages: JSONValue, _ settings: JSONObject) throws -> JSONValue {
            var settings = settings
            settings["default_model"] = "tiny-chat"
            let planned = try RealServer.provider(settings).plannedRequests(try ChatRequest(json: ["messages": messages]))
            return try #require(planned.first?.body)
        }

        private func post(_ path: String, _ body: JSONObject) async throws -> JSONValue {
            let response = try await RealServer.transport.send(try RealServer.client.httpRequest(path: path, json: body))
            return try JSONValue(parsing: try await response.body.collect(upTo: 1 << 22))
        }

        @Test(
            "the model gets the same prompt through /tokenize and through chat: reasoning, calls, results, developers",
            arguments: ["system", "developer"])
        func samePrompt(developerRole: String) async throws {
            let role: JSONValue = .string(developerRole)
            let tokenized = try await post("/tokenize", try #require(try body(Self.history, ["developer_role": role]).object))
            let tokens = (tokenized["tokens"]?.array ?? []).compactMap(\.int)
            #expect(try await RealServer.client.detokenize(tokens, model: "tiny-chat") == Self.rendered)

            var chat = try #require(
                try body(Self.history, ["developer_role": role, "use_completions": false, "use_streaming": false]).object)
            chat.merge(["return_token_ids": true, "max_tokens": 1])
            let answer = try await post("/v1/chat/completions", chat)
            #expect((answer["prompt_token_ids"]?.array ?? []).compactMap(\.int) == tokens)
        }

        @Test("a broken sequence is taken, and the answer is the same over both endpoints")
        func repaired() async throws {
            let messages: JSONValue = [
                ["role": "user", "content": "What is the weather in Rome?"],
                [
                    "role": "assistant", "content": "",
                    "tool_calls": [["id": "c1", "tool": "f", "arguments": [:]], ["id": "c1", "tool": "f"]],
                ],
                ["role": "tool", "tool_call_id": "lost", "content": "9"], ["role": "user", "content": "What is 2+2?"],
                ["role": "tool", "tool_call_id": "c1", "content": "22"],
            ]
            var answers: [String] = []
            for completions in [true, false] {
                let provider = try RealServer.provider(["use_completions": .bool(completions)])
                answers.append(try await provider.complete(ChatRequest(json: ["messages": messages])).text)
            }
            #expect(answers[0] == answers[1] && !answers[0].isEmpty)
        }

        @Test("a model without eyes says so")
        func picture() async throws {
            let image: JSONValue = ["type": "image", "source": ["type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="]]
            let request = try ChatRequest(json: [
                "messages": [["role": "user", "content": [["type": "text", "text": "What is this?"], image]]]
            ])
            let provider = try RealServer.provider()
            do {
                _ = try await provider.complete(request)
                Issue.record("the model has described a picture")
            } catch {
                #expect(error.code == .invalidRequest)
                #expect(error.message.hasSuffix("tiny-chat is not a multimodal model"))
            }
        }
    }
}
