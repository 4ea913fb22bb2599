import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("An answer that was to have a shape")
struct AnswerConstraintTests {
    private static let point: JSONObject = [
        "type": "object", "properties": ["x": ["type": "integer"]], "required": ["x"], "additionalProperties": false,
    ]

    private func failure(_ text: String, _ options: JSONObject, finishReason: JSONValue = "stop") async throws -> ProviderError? {
        let transport = ScriptedTransport([.chat([["content": .string(text)]], finishReason: finishReason)])
        return try await VLLMProvider(["use_completions": false, "dialect": "0.32.0"], transport: transport).failure(options: options)
    }

    static let cases: [(JSONObject, fits: [String], others: [(String, problem: String)])] = [
        (
            ["structured_outputs": ["json": .object(point)]], [#"{"x": 1}"#, "\n{\"x\":-3}\n"],
            [(#"{"x": 1.5}"#, "$.x: "), (#"{"x": 1"#, "it is not JSON"), ("Sure! {\"x\": 1}", "it is not JSON"), ("{}", "$: ")]
        ),
        (["structured_outputs": ["json": .string(JSONValue.object(point).text)]], [#"{"x": 1}"#], [("{}", "$: ")]),
        (
            ["response_format": ["type": "json_schema", "json_schema": ["name": "p", "schema": .object(point)]]], [#"{"x": 1}"#],
            [("{}", "$: ")]
        ),
        (["response_format": ["type": "json_object"]], ["{}"], [("[]", "expected a JSON object, found array"), ("Hi", "it is not JSON")]),
        (["structured_outputs": ["choice": ["yes", "no"]]], ["yes", "no"], [("maybe", "it is none of yes, no")]),
        (["structured_outputs": ["regex": "[a-z]+[0-9]{2}"]], ["ab12"], [("ab1", "it does not match"), ("ab123", "it does not match")]),
        (["structured_outputs": ["choice": [" yes", "no "]]], [" yes", "no "], [(" maybe", "it is none of  yes, no ")]),
        // What the schema says cannot be read, but JSON it must be.
        (
            ["structured_outputs": ["json": ["minimum": 1, "exclusiveMinimum": true]]], ["1", "{}"],
            [("Sure!", "it is not JSON")]
        ),
    ]

    @Test("is checked here, too: where the server did not hold to it, the error says how, and has the text", arguments: cases)
    func checked(options: JSONObject, fits: [String], others: [(String, problem: String)]) async throws {
        for text in fits { #expect(try await failure(text, options) == nil) }
        for (text, problem) in others {
            let error = try #require(try await failure(text, options))
            #expect(error.code == .other && !error.isRetryable)
            #expect(error.message.hasPrefix("the answer does not have the shape that was asked for: \(problem)"))
            #expect(error.partialResponse?.text == text)
        }
    }

    @Test("is told as a failure and not as a stream that broke off: all of its blocks have ended")
    func notAborted() async throws {
        let events = EventCollector()
        let provider = try VLLMProvider(
            ["use_completions": false, "dialect": "0.32.0"], transport: ScriptedTransport([.chat([["content": "maybe"]])]), events: events)
        #expect(await provider.failure(options: ["structured_outputs": ["choice": ["yes"]]])?.code == .other)
        #expect(events.named("llm:stream_block_end").count == 1)
        #expect(events.named("llm:stream_aborted").isEmpty)
        #expect(events.named("llm:response").map { $0["status"] } == ["error"])
    }

    @Test(
        "is not judged where it was cut: by the token limit, or by a stop text that was asked for",
        arguments: [("length", .null), ("stop", "}")] as [(JSONValue, JSONValue)])
    func cut(finishReason: JSONValue, stopReason: JSONValue) async throws {
        let choice: JSONValue = [
            "index": 0, "message": ["content": "{\"x\": 1"], "finish_reason": finishReason, "stop_reason": stopReason,
        ]
        let transport = ScriptedTransport([.json(["choices": [choice]])])
        let provider = try VLLMProvider(
            ["use_completions": false, "use_streaming": false, "dialect": "0.32.0"], transport: transport)
        #expect(await provider.failure(options: ["response_format": ["type": "json_object"]]) == nil)
    }

    @Test(
        "is matched as the server sent it, line breaks around it included",
        arguments: [("[^a-z]{3}", "\n\n4"), ("\\W\\W4", "\n\n4"), ("4", "4")])
    func lineBreaks(pattern: String, text: String) async throws {
        #expect(try await failure(text, ["structured_outputs": ["regex": .string(pattern)]]) == nil)
    }

    @Test("is not asked for together with include_reasoning: false, which vLLM answers with nothing: thoughts are left out here")
    func withoutReasoning() async throws {
        let transport = ScriptedTransport([.chat([["reasoning": "Hm."], ["content": "yes"]])])
        let provider = try VLLMProvider(["use_completions": false, "dialect": "0.32.0"], transport: transport)
        let response = try await provider.ask(
            "Hi", options: ["structured_outputs": ["choice": ["yes", "no"]], "include_reasoning": false])
        #expect(response.content == [.text(TextBlock("yes"))])
        #expect(try transport.bodies("/v1/chat/completions").first?["include_reasoning"] == nil)
    }

    @Test(
        "says in its metadata what of its shape could not be checked",
        arguments: [
            (["grammar": "root ::= \"a\""], "a", "a grammar is not checked here"),
            (["structural_tag": "{}"], "a", "a structural tag is not checked here"),
            (["regex": "(?=a)a"], "a", "the pattern cannot be checked here: (?=a)a"),
            (["json": ["pattern": "^(?=a)"]], #""a""#, "the pattern `^(?=a)` cannot be checked here"),
            (
                ["json": ["$ref": "#A"]], "1",
                "the schema cannot be read here: JSON Schema, #/$ref: `#A` is not in this schema: only `#` and `#/…` can be followed"
            ),
            (["json": ["type": "integer"]], "1", nil),
            (["choice": ["a"]], "a", nil),
        ] as [(JSONObject, String, String?)])
    func unchecked(constraint: JSONObject, text: String, reason: String?) async throws {
        for finishReason in ["stop", "length"] {
            let transport = ScriptedTransport([.chat([["content": .string(text)]], finishReason: .string(finishReason))])
            let provider = try VLLMProvider(["use_completions": false, "dialect": "0.32.0"], transport: transport)
            let response = try await provider.ask("Hi", options: ["structured_outputs": .object(constraint)])
            // Of what was cut nothing is checked, as its finish reason says.
            #expect(response.metadata?["vllm:unchecked_constraint"]?.string == (finishReason == "stop" ? reason : nil))
        }
    }

    @Test("is checked in each of several answers", arguments: [0, 1])
    func severalAnswers(wrong: Int) async throws {
        let chunks = [0, 1].flatMap { index in
            [chatChunk(["content": index == wrong ? "maybe" : "yes"], index: index), chatChunk([:], finishReason: "stop", index: index)]
        }
        let provider = try VLLMProvider(
            ["use_completions": false, "dialect": "0.32.0"], transport: ScriptedTransport([.events(chunks + ["[DONE]"])]))
        let error = try #require(await provider.failure(options: ["n": 2, "structured_outputs": ["choice": ["yes", "no"]]]))
        #expect(error.message == "answer \(wrong + 1) does not have the shape that was asked for: it is none of yes, no")
    }
}
