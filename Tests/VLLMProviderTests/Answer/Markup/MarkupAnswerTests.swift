import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider

@Suite("Markup in answers of a server")
struct MarkupAnswerTests {
    private static let tools = [ToolSpec(name: "f", parameters: ["type": "object"])]

    private func response(
        _ texts: [String], _ settings: JSONObject = [:], mode: CallMode = CallMode(endpoint: "completions", streams: true),
        finishReason: JSONValue = "stop", toolChoice: JSONValue? = nil
    ) async throws -> ChatResponse {
        var settings = settings
        settings.merge(mode.settings)
        let answer: ScriptedExchange
        switch (mode.endpoint, mode.streams) {
        case ("chat", true): answer = .chat(texts.map { ["content": .string($0)] }, finishReason: finishReason)
        case ("chat", false):
            let message: JSONValue = ["role": "assistant", "content": .string(texts.joined())]
            answer = .json(["id": "1", "model": "m", "choices": [["index": 0, "message": message, "finish_reason": finishReason]]])
        case (_, true): answer = .completion(texts, finishReason: finishReason)
        default:
            let choice: JSONValue = ["index": 0, "text": .string(texts.joined()), "finish_reason": finishReason]
            answer = .json(["id": "1", "model": "m", "choices": [choice]])
        }
        var request = ChatRequest(messages: [.user("Hi")], tools: Self.tools)
        request.toolChoice = toolChoice
        return try await VLLMProvider(settings, transport: ScriptedTransport.completions(answer)).complete(request)
    }

    private func error(_ texts: [String]) async throws -> ProviderError? {
        do {
            _ = try await response(texts)
            return nil
        } catch let error as ProviderError { return error }
    }

    /// A call in each format.
    static let markups = [
        ("hermes", ["Wait.\n<tool", "_call>\n{\"name\": \"f\", \"argum", "ents\": {\"x\": \"y\"}}\n</tool_call>"]),
        ("llama3_json", ["Wait.\n<|python_tag|>{\"name\": \"f\", ", "\"parameters\": {\"x\": \"y\"}}"]),
        ("mistral", ["Wait.\n[TOOL_CALLS]f[AR", "GS]{\"x\": \"y\"}"]),
        ("qwen3_coder", ["Wait.\n<tool_call>\n<function=f>\n<parameter=x>\ny\n</para", "meter>\n</function>\n</tool_call>"]),
    ]

    @Test("each format that is configured is read at both endpoints, streamed and not", arguments: markups, CallMode.all)
    func formats(markup: (parser: String, texts: [String]), mode: CallMode) async throws {
        let response = try await response(markup.texts, ["tool_call_parser": .string(markup.parser)], mode: mode)
        #expect(response.text == "Wait.")
        #expect(response.toolCalls?.map(\.name) == ["f"])
        #expect(response.toolCalls?.first?.arguments == ["x": "y"])
        #expect(response.finishReason == "tool_calls")
    }

    @Test("with the parser none, and with tool_choice none, markup is text", arguments: CallMode.all)
    func noParser(mode: CallMode) async throws {
        let text = "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>"
        for response in [
            try await response([text], ["tool_call_parser": "none"], mode: mode),
            try await response([text], mode: mode, toolChoice: "none"),
        ] {
            #expect(response.text == text)
            #expect(response.toolCalls == nil)
            #expect(response.finishReason == "stop")
        }
    }

    @Test("markup that is text is not lost where a call cannot be meant", arguments: CallMode.all)
    func placeholder(mode: CallMode) async throws {
        let text = "Write <tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call> to call."
        #expect(try await response([text], mode: mode).text == text)
    }

    private static let malformedMarkup: [(String, String, String)] = [
        ("{'name': 'f', 'arguments': {}}", "f", "{'name': 'f', 'arguments': {}}"),
        ("{\"name\": \"f\", \"arguments\": {'x': 1}}", "f", "{'x': 1}"),
        ("{\"name\": \"f\", 'arguments': {}}", "f", "{\"name\": \"f\", 'arguments': {}}"),
        ("{\"name\": \"f\", \"arguments\": [1]}", "f", "[1]"),
    ]

    @Test(
        "malformed markup is an error with name, raw text and what came before",
        arguments: malformedMarkup)
    func malformed(body: String, tool: String, raw: String) async throws {
        let error = try await error(["Wait.\n<tool_call>", body, "</tool_call>"])
        #expect(error?.code == .invalidToolCall)
        #expect(error?.details == ["tool_name": .string(tool), "raw_arguments": .string(raw)])
        #expect(error?.partialResponse?.text == "Wait.")
    }

    @Test("a call that names no tool is an error with the raw text")
    func nameless() async throws {
        let error = try await error(["<tool_call>{\"arguments\": {\"x\": 1}}</tool_call>"])
        #expect(error?.code == .invalidToolCall)
        #expect(error?.details == ["raw_arguments": "{\"arguments\": {\"x\": 1}}"])
    }

    private static let repairs: [(String, JSONObject, [String])] = [
        ("{'name': 'f', 'arguments': {'x': True}}", ["x": true] as JSONObject, ["single quotes", "Python literal"]),
        ("```json\n{\"name\": \"f\", \"arguments\": {\"x\": 1}}\n```", ["x": 1], ["code fence"]),
        ("{\"name\": \"f\", \"arguments\": {\"x\": [1, 2,]}}", ["x": [1, 2]], ["trailing comma"]),
        ("{\"name\": \"f\", arguments: {\"x\": \"Zürich\"}}", ["x": "Zürich"], ["unquoted key"]),
    ]

    @Test(
        "repair_tool_calls repairs, and the answer says what",
        arguments: repairs)
    func repaired(body: String, arguments: JSONObject, repairs: [String]) async throws {
        let response = try await response(["<tool_call>", body, "</tool_call>"], ["repair_tool_calls": true])
        #expect(response.toolCalls?.first?.arguments == arguments)
        let told = response.metadata?["repaired_tool_calls"]?[0]
        #expect(told?["name"] == "f")
        #expect(told?["id"]?.string == response.toolCalls?.first?.id)
        #expect(told?["repairs"]?.array?.prefix(2).compactMap(\.string) == repairs)
        // What the model wrote, and not what became of it.
        let raw = told?["raw_arguments"]?.string ?? ""
        #expect(!raw.isEmpty && body.contains(raw) && (try? JSONValue(parsing: raw)) == nil)
    }

    @Test("a string that is never closed is not repaired: nobody can tell where it ends")
    func unclosedString() async throws {
        await #expect(throws: ProviderError.self) {
            try await response(
                ["<tool_call>{\"name\": \"f\", \"arguments\": {\"x\": \"y}}\n</tool_call>"], ["repair_tool_calls": true])
        }
    }

    private static let stops: [(JSONValue, JSONObject, Bool)] = [
        ("/x", [:], true), (7, ["stop_token_ids": [7]], true), (7, [:], false), (.null, [:], false),
    ]

    @Test(
        "a call that a stop string or a stop token of the request cuts is incomplete and never repaired", arguments: stops, [true, false])
    func stopped(stop: (reason: JSONValue, settings: JSONObject, isCut: Bool), isMarkup: Bool) async throws {
        let choice: JSONObject = ["index": 0, "finish_reason": "stop", "stop_reason": stop.reason]
        let call: JSONValue = ["id": "c", "type": "function", "function": ["name": "f", "arguments": "{\"n\": [1"]]
        var whole = choice
        whole["message"] =
            isMarkup
            ? ["content": "<tool_call>{\"name\": \"f\", \"arguments\": {\"n\": [1"] : ["content": .null, "tool_calls": [call]]
        var settings: JSONObject = ["use_completions": false, "use_streaming": false, "repair_tool_calls": true]
        settings.merge(stop.settings)
        let transport = ScriptedTransport([.json(["choices": [.object(whole)]])])
        let response = try await VLLMProvider(settings, transport: transport)
            .complete(ChatRequest(messages: [.user("Hi")], tools: Self.tools))
        #expect(response.toolCalls?.map(\.arguments) == (stop.isCut ? nil : [["n": [1]]]))
        #expect(response.finishReason == (stop.isCut ? "stop" : "tool_calls"))
        #expect(response.metadata?["incomplete_tool_calls"]?[0]?["name"] == (stop.isCut ? "f" : nil))
    }

    @Test("a call that the token limit cuts is never repaired", arguments: CallMode.all)
    func cutIsNotRepaired(mode: CallMode) async throws {
        for reason: JSONValue in ["abort", "repetition"] {
            let text = "<tool_call>{\"name\": \"f\", \"arguments\": {\"n\": [1"
            let response = try await response([text], ["repair_tool_calls": true], mode: mode, finishReason: reason)
            #expect(response.toolCalls == nil)
            #expect(response.finishReason == reason.string)
            #expect(response.metadata?["incomplete_tool_calls"]?[0]?["raw_arguments"] == "{\"n\": [1")
        }
        for text in ["<tool_call>{\"name\": \"f\", \"arguments\": {\"x\": \"y", "<tool_call>{\"name\": \"f\", \"argu"] {
            let response = try await response([text], ["repair_tool_calls": true], mode: mode, finishReason: "length")
            #expect(response.toolCalls == nil)
            #expect(response.finishReason == "length")
            #expect(response.metadata?["incomplete_tool_calls"]?[0]?["name"] == "f")
        }
        let nameless = try await response(["a <tool_call>\n{\"na"], mode: mode, finishReason: "length")
        #expect(nameless.text == "a ")
        #expect(nameless.metadata?["incomplete_tool_calls"]?[0]?["raw_arguments"] == "\n{\"na")
    }

    @Test("thinking_markup says what tags of reasoning are", arguments: CallMode.all)
    func thinkingMarkup(mode: CallMode) async throws {
        let opened = ["Hm.\n</th", "ink>\n\n4"]
        let auto = try await response(opened, mode: mode)
        #expect(auto.text == "Hm.\n</think>\n\n4")
        #expect(auto.thinking.isEmpty)
        let open = try await response(opened, ["thinking_markup": "open"], mode: mode)
        #expect(open.thinking == "Hm.")
        #expect(open.text == "4")
        let none = try await response(["<think>Hm.</think>4"], ["thinking_markup": "none"], mode: mode)
        #expect(none.text == "<think>Hm.</think>4")
        let blank = try await response(["<think>\n\n</think>\n\n4"], mode: mode)
        #expect(blank.content == [.text(TextBlock("4"))])
    }

    @Test("a text that the model goes on with inside its reasoning begins there", arguments: CallMode.all)
    func continuedThought(mode: CallMode) async throws {
        for (begun, thinks) in [("<think>\nI", true), ("<think>\nHm.\n</think>\n\nSo", false), ("So", false)] {
            var settings = mode.settings
            settings.merge(["continue_final_message": true, "add_generation_prompt": false])
            let text = " see.</think>4"
            let answer: ScriptedExchange
            switch (mode.endpoint, mode.streams) {
            case ("chat", true): answer = .chat([["content": .string(text)]])
            case ("chat", false):
                answer = .json(["choices": [["index": 0, "message": ["content": .string(text)], "finish_reason": "stop"]]])
            case (_, true): answer = .completion([text])
            default: answer = .json(["choices": [["index": 0, "text": .string(text), "finish_reason": "stop"]]])
            }
            let request = ChatRequest(messages: [.user("Hi"), Message(role: .assistant, content: .text(begun))])
            let response = try await VLLMProvider(settings, transport: ScriptedTransport.completions(answer)).complete(request)
            #expect(response.thinking == (thinks ? " see." : ""))
            #expect(response.text == (thinks ? "4" : text))
        }
    }

    @Test("what a server without a parser leaves in a chat's text is the call that a parser would have told")
    func bareServer() async throws {
        func calls(_ name: String) async throws -> [ToolCall] {
            let exchange = try ScriptedExchange(recording: try Recording(name).responseBytes, batchSize: nil)
            let provider = try VLLMProvider(
                ["use_completions": false, "use_streaming": false], transport: ScriptedTransport([exchange]))
            let request = ChatRequest(messages: [.user("Hi")], tools: Dialogue.tools.map(ToolSpec.init(openAI:)))
            let response = try await provider.complete(request)
            #expect(response.thinking == "I need a tool for this.")
            #expect(response.text.isEmpty)
            #expect(response.finishReason == "tool_calls")
            return response.toolCalls ?? []
        }
        #expect(try await calls("bare_tool_none").map(\.arguments) == calls("tool_auto").map(\.arguments))
    }
}
