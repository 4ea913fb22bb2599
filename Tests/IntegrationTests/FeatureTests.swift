import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

extension RealServer {
    @Suite("What a request can ask for")
    struct FeatureTests {
        private static let tools = Dialogue.tools.map(ToolSpec.init(openAI:))

        private func ask(
            _ question: String, _ mode: CallMode, options: JSONObject = [:], _ change: (inout ChatRequest) -> Void = { _ in }
        ) async throws -> ChatResponse {
            var request = ChatRequest(messages: [.user(question)])
            change(&request)
            return try await RealServer.provider(mode.settings).complete(request, options: options)
        }

        @Test("a tool that is forced, by name or by required, is called", arguments: [true, false], ["get_weather", "required"])
        func forcedTool(streams: Bool, choice: String) async throws {
            // Over completions a call cannot be forced: such a call goes to chat, which the answer says.
            for endpoint in ["chat", "completions"] {
                let mode = CallMode(endpoint: endpoint, streams: streams)
                let response = try await ask("What is the weather in Paris?", mode) { request in
                    request.tools = Self.tools
                    request.toolChoice = .string(choice)
                }
                #expect(response.toolCalls?.map(\.name) == ["get_weather"])
                #expect(response.toolCalls?.first?.arguments["location"] == "Paris")
                #expect(response.finishReason == "tool_calls")
                #expect((response.degradation != nil) == (endpoint == "completions"))
            }
        }

        @Test("an answer is held to a schema, by response_format and by structured_outputs", arguments: CallMode.all)
        func schema(mode: CallMode) async throws {
            let schema: JSONObject = [
                "type": "object", "properties": ["name": ["type": "string"], "age": ["type": "integer"]], "required": ["name", "age"],
                "additionalProperties": false,
            ]
            let byFormat = try await ask("Describe Alice as JSON.", mode) { $0.responseFormat = .jsonSchema(schema: schema, strict: true) }
            let byOption = try await ask("Describe Alice as JSON.", mode, options: ["structured_outputs": ["json": .object(schema)]])
            for response in [byFormat, byOption] {
                #expect(try JSONValue(parsing: response.text) == ["name": "Alice", "age": 30])
            }
        }

        @Test("an answer is held to a regular expression and to a choice", arguments: CallMode.all)
        func regexAndChoice(mode: CallMode) async throws {
            let digits = try await ask("What is 2+2?", mode, options: ["structured_outputs": ["regex": "[0-9]{3}"]])
            #expect(digits.text.count == 3 && digits.text.allSatisfy(\.isNumber))
            let choice = try await ask("What is 2+2?", mode, options: ["structured_outputs": ["choice": ["five", "six"]]])
            #expect(["five", "six"].contains(choice.text))
        }

        @Test("thinking can be turned off and on, for one call", arguments: CallMode.all)
        func thinking(mode: CallMode) async throws {
            let off = try await ask("What is 2+2?", mode, options: ["enable_thinking": false])
            let on = try await ask("What is 2+2?", mode, options: ["enable_thinking": true])
            #expect(off.thinking.isEmpty && off.text == "4")
            #expect(on.thinking == "2+2 is 4." && on.text == "4")
        }

        @Test("three answers are three, each with its end", arguments: CallMode.all)
        func severalAnswers(mode: CallMode) async throws {
            let response = try await ask("Flip a coin.", mode, options: ["n": 3, "temperature": 1, "seed": 5])
            #expect(response.choiceCount == 3)
            for choice in 0..<3 { #expect(["Heads", "Tails", "Heads.", "Tails."].contains(response.text(choice: choice))) }
            let ends = response.metadata?["vllm:choices"]?.array?.compactMap { $0["finish_reason"]?.string }
            #expect(ends == ["stop", "stop", "stop"])
        }

        @Test(
            "an answer that max_tokens cuts goes on to its end, as one long answer would have been",
            arguments: CallMode.allWithAndWithoutThinking)
        func continued(mode: CallMode) async throws {
            for question in ["Count from 1 to 40.", "What is the capital of France?"] {
                let whole = try await ask(question, mode)
                let pieces = try await ask(question, mode, options: ["max_tokens": 24, "continuation": 20])
                #expect(pieces.content == whole.content)
                #expect(pieces.finishReason == "stop")
                let cut = try await ask(question, mode, options: ["max_tokens": 5])
                #expect(cut.finishReason == "length")
            }
        }

        @Test("a prompt that does not fit fails before it is sent, and names the numbers", arguments: CallMode.all)
        func tooLong(mode: CallMode) async throws {
            let events = EventRecord()
            var settings = mode.settings
            settings["debug"] = true
            let provider = try RealServer.provider(settings, events: events)
            let request = ChatRequest(messages: [.user(String(repeating: "Once upon a time ", count: 600))])
            let error = await #expect(throws: ProviderError.self) { _ = try await provider.complete(request) }
            #expect(error?.code == .contextLength)
            #expect(error?.message.contains("2048") == true)
            let paths = events.all.filter { $0.name == "llm:request:debug" }.map { $0.data["data"]?["path"] }
            #expect(paths == ["/tokenize"])
        }

        @Test("max_tokens beyond the room is clamped, and the answer says so", arguments: CallMode.all)
        func clamped(mode: CallMode) async throws {
            let response = try await ask("What is 2+2?", mode, options: ["max_tokens": 5000])
            #expect(response.text == "4")
            #expect(response.degradation?.requested.contains("5000") == true)
        }

        @Test("the same conversation gives the same text over both endpoints, streamed and not")
        func sameEverywhere() async throws {
            let messages: [Message] = [
                Message(role: .system, content: "You are a helpful assistant."), .user("What is the capital of France?"),
                Message(
                    role: .assistant,
                    content: .blocks([
                        .thinking(ThinkingBlock("The user asks about France. It is Paris.")),
                        .text(TextBlock("The capital of France is Paris.")),
                    ])),
                .user("What is 2+2?"),
            ]
            var answers: Set<[ContentBlock]> = []
            for mode in CallMode.all {
                answers.insert(try await RealServer.provider(mode.settings).complete(ChatRequest(messages: messages)).content)
            }
            #expect(answers.count == 1)
            #expect(answers.first?.last?.text == "4")
        }
    }
}
