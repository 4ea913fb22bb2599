import HTTPTransport
import JSON
import TestSupport
import Testing

@testable import VLLMSimulator

@Suite("All dialogues of the tiny model, on both endpoints")
struct DialogueTests {
    /// A turn of the assistant with the messages before it.
    struct Case: Sendable, CustomTestStringConvertible {
        var messages: [JSONValue]
        var tools: JSONValue?
        var answer: JSONValue

        var testDescription: String { messages.last?["content"]?.string ?? "" }

        var text: String { answer["text"]?.string ?? "" }
        var thought: String { answer["thought"]?.string ?? "" }
        var calls: [[String]] {
            (answer["calls"]?.array ?? []).map { [$0["name"]?.string ?? "", $0["arguments"]?.pythonText ?? ""] }
        }

        func request(stream: Bool) -> JSONValue {
            var body: JSONObject = ["messages": .array(messages), "temperature": 0, "stream": .bool(stream), "max_tokens": 600]
            if let tools { body["tools"] = tools }
            return .object(body)
        }
    }

    static let cases: [Case] = {
        let data = (try? JSONValue(parsing: dialogueJSON.description)) ?? .null
        let tools = try? Recording("tool_auto").requestJSON()["tools"]
        return (data["chats"]?.array ?? []).flatMap { chat -> [Case] in
            var messages: [JSONValue] = chat["system"]?.string.map { [["role": "system", "content": .string($0)]] } ?? []
            var cases: [Case] = []
            for turn in chat["turns"]?.array ?? [] {
                if turn["role"] == "assistant" {
                    cases.append(Case(messages: messages, tools: chat["tools"]?.bool == true ? tools : nil, answer: turn))
                }
                messages.append(message(turn))
            }
            return cases
        }
    }()

    private static func message(_ turn: JSONValue) -> JSONValue {
        var message: JSONObject = ["role": turn["role"] ?? "", "content": turn["text"] ?? ""]
        let calls = turn["calls"]?.array ?? []
        if !calls.isEmpty {
            message["tool_calls"] = .array(
                calls.map { call in
                    let function: JSONValue = ["name": call["name"] ?? "", "arguments": .string(call["arguments"]?.text ?? "")]
                    return ["id": "call_1", "type": "function", "function": function]
                })
        }
        return .object(message)
    }

    @Test("chat tells thought, text and calls", arguments: cases)
    func chat(_ taught: Case) async throws {
        let client = Client(simulator: try VLLMSimulator())
        let choice = try await client.json("/v1/chat/completions", taught.request(stream: false))["choices"]?[0]
        #expect(choice?["message"]?["reasoning"]?.string == "\n\(taught.thought)\n")
        let content = choice?["message"]?["content"]?.string ?? ""
        #expect(content.trimmed == taught.text)
        let calls = (choice?["message"]?["tool_calls"]?.array ?? []).map { call in
            [call["function"]?["name"]?.string ?? "", call["function"]?["arguments"]?.string ?? ""]
        }
        #expect(calls == taught.calls)
        #expect(choice?["finish_reason"]?.string == (taught.calls.isEmpty ? "stop" : "tool_calls"))
    }

    @Test("streamed chat adds up to the same", arguments: cases)
    func streamedChat(_ taught: Case) async throws {
        let client = Client(simulator: try VLLMSimulator())
        let events = try await client.events("/v1/chat/completions", taught.request(stream: true))
        #expect(events.last == "[DONE]")
        var (text, thought, reason) = ("", "", "")
        var calls: [[String]] = []
        for event in events.dropLast() {
            let choice = try JSONValue(parsing: event)["choices"]?[0]
            text += choice?["delta"]?["content"]?.string ?? ""
            thought += choice?["delta"]?["reasoning"]?.string ?? ""
            reason += choice?["finish_reason"]?.string ?? ""
            for call in choice?["delta"]?["tool_calls"]?.array ?? [] {
                if let name = call["function"]?["name"]?.string { calls.append([name, ""]) }
                calls[calls.count - 1][1] += call["function"]?["arguments"]?.string ?? ""
            }
        }
        #expect(text.trimmed == taught.text)
        #expect(thought == "\n\(taught.thought)\n")
        #expect(calls == taught.calls)
        #expect(reason == (taught.calls.isEmpty ? "stop" : "tool_calls"))
    }

    @Test("a completion of the rendered tokens is the same in markup", arguments: cases)
    func completion(_ taught: Case) async throws {
        let client = Client(simulator: try VLLMSimulator())
        let rendered = try await client.json("/tokenize", taught.request(stream: false))
        let body: JSONValue = ["prompt": rendered["tokens"] ?? .null, "temperature": 0, "max_tokens": 600]
        let answer = try await client.json("/v1/completions", body)
        let said = Dialogues.Answer(
            thought: taught.thought, text: taught.text, calls: (taught.answer["calls"]?.array ?? []).compactMap(\.object))
        #expect(answer["choices"]?[0]?["text"]?.string == "<think>\n\(taught.thought)\n</think>\n\n\(said.saidText)")
        #expect(answer["choices"]?[0]?["finish_reason"] == "stop")
        #expect(answer["usage"]?["prompt_tokens"] == rendered["count"])
    }

    @Test(
        "an untaught question, or one whose tools are missing, is not answered",
        arguments: ["What is love?", "What is the weather in Paris?"])
    func fallback(question: String) async throws {
        let client = Client(simulator: try VLLMSimulator())
        let body: JSONValue = ["messages": [["role": "user", "content": .string(question)]]]
        let message = try await client.json("/v1/chat/completions", body)["choices"]?[0]?["message"]
        #expect(message?["content"] == "\n\nSorry, I do not know that.")
        #expect(message?["reasoning"] == "\nI was not taught this.\n")
    }

    @Test("developer messages become one with the system's at the beginning, as templates get them that know no developer role")
    func developers() async throws {
        let client = Client(simulator: try VLLMSimulator())
        func message(_ role: String, _ text: String) -> JSONValue { ["role": .string(role), "content": .string(text)] }
        func tokens(_ messages: [JSONValue]) async throws -> JSONValue? {
            try await client.json("/tokenize", ["messages": .array(messages)])["tokens"]
        }
        let user = message("user", "Hi")
        let joined = try await tokens([message("system", "A\n\nB\n\nC"), user, user])
        #expect(try await tokens([message("system", "A"), user, message("developer", "B"), user, message("system", "C")]) == joined)
        #expect(try await tokens([message("system", "A"), user, message("system", "B\n\nC"), user]) != joined)
    }

    @Test("another word of the assistant's in the history is noticed")
    func alteredHistory() async throws {
        let client = Client(simulator: try VLLMSimulator())
        func answer(_ said: String) async throws -> JSONValue? {
            let messages: JSONValue = [
                ["role": "user", "content": "My name is Sam."], ["role": "assistant", "content": .string(said)],
                ["role": "user", "content": "What is my name?"],
            ]
            return try await client.json("/v1/chat/completions", ["messages": messages])["choices"]?[0]?["message"]?["content"]
        }
        #expect(try await answer("Nice to meet you, Sam!") == "\n\nYour name is Sam.")
        #expect(try await answer("Nice to meet you!") == "\n\nSorry, I do not know that.")
    }

    @Test("a forced tool is called whatever was asked, with arguments that fit its schema")
    func forcedTool() async throws {
        let client = Client(simulator: try VLLMSimulator())
        let body: JSONValue = [
            "messages": [["role": "user", "content": "What is love?"]], "tools": try Recording("tool_auto").requestJSON()["tools"] ?? .null,
            "tool_choice": ["type": "function", "function": ["name": "create_event"]],
        ]
        let choice = try await client.json("/v1/chat/completions", body)["choices"]?[0]
        #expect(choice?["message"]?["tool_calls"]?[0]?["function"]?["arguments"] == #"{"title": "", "attendees": []}"#)
        #expect(choice?["finish_reason"] == "stop")
    }

    @Test("an answer that does not fit a demand is the simplest that does")
    func constrained() async throws {
        let client = Client(simulator: try VLLMSimulator())
        let schema: JSONValue = [
            "type": "object", "required": ["a", "b"], "properties": ["a": ["type": "integer"], "b": ["enum": ["x", "y"]]],
        ]
        let body: JSONValue = [
            "messages": [["role": "user", "content": "Hi"]], "structured_outputs": ["json": schema],
            "chat_template_kwargs": ["enable_thinking": false],
        ]
        let message = try await client.json("/v1/chat/completions", body)["choices"]?[0]?["message"]
        #expect(message?["content"] == #"{"a": 0, "b": "x"}"#)
    }
}
