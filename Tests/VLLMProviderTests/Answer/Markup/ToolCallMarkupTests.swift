import Testing

@testable import VLLMProvider

@Suite("Tool calls in a model's text")
struct ToolCallMarkupTests {
    private static func call(_ name: String, _ arguments: String, id: String? = nil) -> [MarkupPiece] {
        MarkupCase.call(name, arguments, id: id)
    }

    static let hermes: [MarkupCase] = [
        .init(
            .hermes, "Let me see.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": [1, {\"y\": \"}\"}]}}\n</tool_call>\nDone.",
            [.text("Let me see.\n")] + call("f", "{\"x\": [1, {\"y\": \"}\"}]}") + [.text("\nDone.")]),
        .init(
            .hermes,
            "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>\n<tool_call>{\"name\": \"g\", \"arguments\": {}}</tool_call>",
            call("f", "{}") + [.text("\n")] + call("g", "{}")),
        .init(
            .hermes, "<tool_call>{\"arguments\": {\"x\": 1}, \"id\": \"a\", \"name\": \"f\"}</tool_call>", call("f", "{\"x\": 1}")),
        .init(.hermes, "<tool_call>{\"name\": \"f\"}</tool_call>", [.callStarted(name: "f"), .callEnded]),
        .init(.hermes, "<tool_call>{\"name\": \"f\", \"arguments\": \"{}\"}</tool_call>", call("f", "\"{}\"")),
        .init(.hermes, "<tool_call>{\"name\": \"日本\", \"parameters\": {\"é\": \"🎉\"}}</tool_call>", call("日本", "{\"é\": \"🎉\"}")),
        .init(
            .hermes, "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n{\"name\": \"g\", \"arguments\": {}}\n</tool_call>",
            call("f", "{}") + call("g", "{}")),
        // The tag in a string is the string's.
        .init(
            .hermes, "<tool_call>{\"name\": \"f\", \"arguments\": {\"x\": \"a</tool_call>b\"}}</tool_call>",
            call("f", "{\"x\": \"a</tool_call>b\"}")),
        // Braces that a model forgets, or has too many of, around whole arguments.
        .init(.hermes, "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": 1}\n</tool_call>", call("f", "{\"x\": 1}")),
        .init(.hermes, "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}}\n</tool_call>a", call("f", "{}") + [.text("a")]),
        .init(
            .hermes, "<tool_call>{\"name\": \"f\", \"arguments\": {}}\n<tool_call>{\"name\": \"g\", \"arguments\": {}}",
            call("f", "{}") + call("g", "{}")),
        // A string that is never closed ends with the tag on a line of its own.
        .init(
            .hermes,
            "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"x\": \"a}}\n</tool_call>\n<tool_call>\n{\"name\": \"g\"}\n</tool_call>",
            call("f", "{\"x\": \"a}}\n") + [.text("\n"), .callStarted(name: "g"), .callEnded]),
    ]

    static let llama: [MarkupCase] = [
        .init(.llama3JSON, "{\"name\": \"f\", \"parameters\": {\"x\": \"1\"}}", call("f", "{\"x\": \"1\"}")),
        .init(.llama3JSON, "<|python_tag|>{\"name\": \"g\", \"parameters\": {}}", call("g", "{}")),
        .init(
            .llama3JSON, "<|python_tag|>{\"name\": \"f\", \"parameters\": {}}; {\"name\": \"g\", \"parameters\": {\"y\": 2}}",
            call("f", "{}") + call("g", "{\"y\": 2}")),
        .init(
            .llama3JSON, "{\"type\": \"function\", \"name\": \"f\", \"arguments\": {}};\n{\"name\": \"f\", \"parameters\": {}}",
            call("f", "{}") + call("f", "{}")),
        .init(
            .llama3JSON, "I call it:\n{\"name\": \"f\", \"parameters\": {}}\nand wait.",
            [.text("I call it:\n")] + call("f", "{}") + [.text("\nand wait.")]),
        // What looks like a call and is none.
        .init(.llama3JSON, "{\"name\": \"Alice\", \"age\": 3}", [.text("{\"name\": \"Alice\", \"age\": 3}")]),
        .init(.llama3JSON, "{\"name\": \"g\", \"parameters\": {}}", [.text("{\"name\": \"g\", \"parameters\": {}}")]),
        .init(.llama3JSON, "{\"name\": \"f\", \"age\": 3}", [.text("{\"name\": \"f\", \"age\": 3}")]),
        .init(.llama3JSON, "{\"parameters\": {}, \"name\": \"f\"}", [.text("{\"parameters\": {}, \"name\": \"f\"}")]),
        .init(.llama3JSON, "Write {\"name\": \"f\", \"parameters\": {}}.", [.text("Write {\"name\": \"f\", \"parameters\": {}}.")]),
        .init(
            .llama3JSON, "```json\n{\"name\": \"f\", \"parameters\": {}}\n```",
            [.text("```json\n{\"name\": \"f\", \"parameters\": {}}\n```")]),
        .init(.llama3JSON, "<|python_tag|>print(1)", [.text("<|python_tag|>print(1)")]),
        .init(.llama3JSON, "{}", [.text("{}")]),
    ]

    static let mistral: [MarkupCase] = [
        .init(
            .mistral, "[TOOL_CALLS][{\"name\": \"f\", \"arguments\": {\"x\": 1}}, {\"name\": \"g\", \"arguments\": {}}]",
            call("f", "{\"x\": 1}") + call("g", "{}")),
        .init(
            .mistral, "Wait. [TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {}}]\nOk",
            [.text("Wait. ")] + call("f", "{}") + [.text("Ok")]),
        .init(
            .mistral, "[TOOL_CALLS]get_weather[ARGS]{\"city\": \"Rome\"}[TOOL_CALLS]f[CALL_ID]abc123XYZ[ARGS]{}",
            call("get_weather", "{\"city\": \"Rome\"}") + call("f", "{}", id: "abc123XYZ")),
        .init(.mistral, "[TOOL_CALLS]f{\"x\": {\"y\": \"]\"}}", call("f", "{\"x\": {\"y\": \"]\"}}")),
        // The server left the marker out.
        .init(.mistral, "[{\"name\": \"f\", \"arguments\": {}}]", call("f", "{}")),
        .init(.mistral, "[{\"name\": \"Alice\"}, {\"name\": \"Bob\"}]", [.text("[{\"name\": \"Alice\"}, {\"name\": \"Bob\"}]")]),
        .init(.mistral, "[1, 2]", [.text("[1, 2]")]),
        .init(.mistral, "See [1] and [TOOL_CALLS] as a word.", [.text("See [1] and [TOOL_CALLS] as a word.")]),
        .init(.mistral, "[TOOL_CALLS]a sentence", [.text("[TOOL_CALLS]a sentence")]),
    ]

    static let qwen: [MarkupCase] = [
        .init(
            .qwen3Coder,
            "I look.\n<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>",
            [.text("I look.\n")] + call("get_weather", "{\"city\": \"Rome\", \"days\": 3}")),
        .init(.qwen3Coder, "<tool_call>\n<function=f>\n</function>\n</tool_call>", call("f", "{}")),
        .init(
            .qwen3Coder, "<function=get_weather><parameter=exact>True</parameter><parameter=when>{\"hour\": 3}</parameter></function>",
            call("get_weather", "{\"exact\": true, \"when\": {\"hour\":3}}")),
        .init(
            .qwen3Coder,
            "<tool_call><function=get_weather><parameter=city>\n\n a \"b\" \\ <c>\n\n</parameter><parameter=note>null</parameter></function></tool_call>",
            call("get_weather", "{\"city\": \"\\n a \\\"b\\\" \\\\ <c>\\n\", \"note\": null}")),
        // Closing tags that a model leaves out.
        .init(
            .qwen3Coder, "<tool_call>\n<function=get_weather>\n<parameter=city>\nRome\n<parameter=days>\n3\n</tool_call>a",
            call("get_weather", "{\"city\": \"Rome\", \"days\": 3}") + [.text("a")]),
        // A text where the schema wants a number stays the text; a number where it wants a text is the text.
        .init(
            .qwen3Coder,
            "<tool_call><function=get_weather><parameter=days>soon</parameter><parameter=city>12</parameter></function></tool_call>",
            call("get_weather", "{\"days\": \"soon\", \"city\": \"12\"}")),
        .init(.qwen3Coder, "Write <function=NAME> there.", [.text("Write <function=NAME> there.")]),
        .init(.qwen3Coder, "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>", call("f", "{}")),
    ]

    static let all: [MarkupCase] = [hermes, llama, mistral, qwen].flatMap { $0 }

    @Test("each format's calls are read, with the text around them in its place", arguments: all)
    func formats(example: MarkupCase) {
        #expect(MarkupReading(format: example.format).pieces(example.text) == example.expected)
    }

    @Test("a text means the same however it is cut into pieces", arguments: all)
    func cuts(example: MarkupCase) {
        #expect(MarkupReading(format: example.format).differingCut(of: example.text) == nil)
    }

    @Test("a call begins as soon as its arguments do, which come as they are written")
    func streaming() {
        var splitter = MarkupSplitter(splitsThinking: true, startsInThinking: false, format: .hermes, tools: OfferedTools())
        func pieces(_ text: String) -> [MarkupPiece] {
            var pieces: [MarkupPiece] = []
            splitter.consume(text, to: &pieces)
            return pieces
        }
        #expect(pieces("<tool_call>\n{\"name\": \"get_weat") == [])
        #expect(pieces("her\"") == [])
        #expect(pieces(", \"arguments\": {\"ci") == [.callStarted(name: "get_weather"), .callArguments("{\"ci")])
        #expect(pieces("ty\": \"Ro") == [.callArguments("ty\": \"Ro")])
        #expect(pieces("me\"}") == [.callArguments("me\"}"), .callEnded])
        #expect(pieces("}\n</tool_call>") == [])
    }

    @Test("the text of an XML parameter comes as it is written, already as JSON")
    func streamingParameters() {
        var splitter = MarkupSplitter(
            splitsThinking: true, startsInThinking: false, format: .qwen3Coder, tools: OfferedTools(MarkupReading().tools))
        func pieces(_ text: String) -> [MarkupPiece] {
            var pieces: [MarkupPiece] = []
            splitter.consume(text, to: &pieces)
            return pieces
        }
        #expect(pieces("<tool_call>\n<function=get_weather>") == [.callStarted(name: "get_weather")])
        #expect(pieces("\n<parameter=city>\nNew \"Y") == [.callArguments("{\"city\": \""), .callArguments("New \\\"Y")])
        #expect(pieces("ork\"\n") == [.callArguments("ork\\\"")])
        #expect(pieces("</parameter>\n</function>") == [.callArguments("\""), .callArguments("}"), .callEnded])
    }

    @Test(
        "what only looks like a call is text, whole",
        arguments: [
            "Use `<tool_call>` to call.", "<tool_call> is a tag", "a<tool_call", "<tool_call></tool_call>", "</tool_call>",
            "<tool_call>[1]</tool_call>",
        ], [ToolCallFormat.hermes, .qwen3Coder])
    func stray(text: String, format: ToolCallFormat) {
        #expect(MarkupReading(format: format).pieces(text) == [.text(text)])
        #expect(MarkupReading(format: format).differingCut(of: text) == nil)
    }

    @Test("without tools, or with another format, markup is text", arguments: [ToolCallFormat?.none, .mistral, .llama3JSON])
    func otherFormat(format: ToolCallFormat?) {
        let text = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>"
        #expect(MarkupReading(format: format).pieces(text) == [.text(text)])
    }

    @Test(
        "markup that is no JSON is kept as it was written",
        arguments: [
            ("<tool_call>{'name': 'f'}</tool_call>", "{'name': 'f'}", "</tool_call>", false),
            ("<tool_call>\n```json\n{\"name\": \"f\"}\n```\n</tool_call>", "\n```json\n{\"name\": \"f\"}\n```\n", "</tool_call>", false),
            ("<tool_call>{\"name\": \"f", "{\"name\": \"f", "", true), ("<tool_call>\n", "\n", "", true),
            ("<tool_call>{x</tool_cal", "{x</tool_cal", "", true),
        ])
    func unreadable(text: String, body: String, closingTag: String, isUnfinished: Bool) {
        let call = UnreadableCall(openingTag: "<tool_call>", body: body, closingTag: closingTag, isUnfinished: isUnfinished)
        #expect(MarkupReading(format: .hermes).pieces(text) == [.unreadableCall(call)])
        #expect(MarkupReading(format: .hermes).differingCut(of: text) == nil)
        #expect(call.text == text)
    }

    private static let cutCalls: [MarkupCase] = [
        .init(
            .hermes, "a<tool_call>{\"name\": \"f\", \"arguments\": {\"x\": [1",
            [.text("a"), .callStarted(name: "f"), .callArguments("{\"x\": [1")]),
        .init(.llama3JSON, "{\"name\": \"f\", \"parameters\": {\"x\"", [.callStarted(name: "f"), .callArguments("{\"x\"")]),
        .init(.mistral, "[TOOL_CALLS]f[ARGS]{\"x\"", [.callStarted(name: "f"), .callArguments("{\"x\"")]),
        .init(.mistral, "[TOOL_CALLS][{\"name\": \"f\", \"arguments\": {\"x\"", [.callStarted(name: "f"), .callArguments("{\"x\"")]),
        .init(
            .qwen3Coder, "<tool_call>\n<function=get_weather>\n<parameter=city>\nRo",
            [.callStarted(name: "get_weather"), .callArguments("{\"city\": \"Ro")]),
        .init(
            .qwen3Coder, "<tool_call>\n<function=get_weather>\n<parameter=days>\n1",
            [.callStarted(name: "get_weather"), .callArguments("{\"days\": 1")]),
    ]

    @Test(
        "a call that the end of the text cuts keeps its name and what there was of its arguments",
        arguments: cutCalls)
    func cutCall(example: MarkupCase) {
        #expect(MarkupReading(format: example.format).pieces(example.text) == example.expected)
        #expect(MarkupReading(format: example.format).differingCut(of: example.text) == nil)
    }
}
