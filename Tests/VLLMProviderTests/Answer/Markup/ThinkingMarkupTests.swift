import Testing

@testable import VLLMProvider

@Suite("Reasoning in a model's text")
struct ThinkingMarkupTests {
    private func check(_ text: String, _ expected: [MarkupPiece], _ reading: MarkupReading = MarkupReading()) {
        #expect(reading.pieces(text) == expected)
        #expect(reading.differingCut(of: text) == nil)
    }

    private static let tagged: [(String, [MarkupPiece])] = [
        ("<think>\na 日本\n</think>\n\n4", [MarkupPiece.thinking("\na 日本\n"), .text("\n\n4")]),
        ("\n <think>a</think>b", [.text("\n "), .thinking("a"), .text("b")]),
        ("<think>a</think>\n<think>b</think>c", [.thinking("a"), .text("\n"), .thinking("b"), .text("c")]),
        ("One.\n<think>a</think>Two.", [.text("One.\n"), .thinking("a"), .text("Two.")]),
        ("<think>\u{301}a</think>\u{200D}b", [.thinking("\u{301}a"), .text("\u{200D}b")]),
        ("<think>half", [.thinking("half")]), ("<think>half</thin", [.thinking("half</thin")]), ("<thi", [.text("<thi")]),
        ("<think></think>4", [.text("4")]),
    ]

    @Test(
        "what stands between the tags is reasoning, at the beginning and where a line begins later",
        arguments: tagged)
    func tags(text: String, expected: [MarkupPiece]) {
        check(text, expected)
    }

    @Test(
        "in the middle of a line, in fenced code, and without its other half, a tag is text",
        arguments: [
            "Use <think> to think</think>.", "The end is `</think>`.", "a\n</think>\nb", "```\n<think>a</think>\n```", "<<think", "a < b <",
        ])
    func text(text: String) {
        check(text, [.text(text)])
    }

    @Test(
        "a </think> in a quotation or in code does not end the reasoning",
        arguments: [
            "It ends with \"</think>\" here.", "It ends with `</think>` here.", "Write '</think>' there.", "Write “</think>” there.",
            "So:\n```\n<think>\nx\n</think>\n```\nRight.",
            "As ``</think>`` too, (\"</think>\"), stop=\"</think>\".",
            "```\na</think>b\n```\nand\n```\n</think>\n```\n\"</think>\" or `</think>`.",
            "```\n</think>\n```\n" + String(repeating: "日", count: 2000) + "\n",
        ])
    func quoted(thought: String) {
        check("<think>\(thought)</think>4", [.thinking(thought), .text("4")])
    }

    @Test(
        "a quotation that is never closed keeps no answer back for ever",
        arguments: [
            ("It is 5\" wide.", "\n\nIt is 5\" wide."), ("A lone ` here", "\n`x`"), ("```\ncode", "\n\nSee:\n```swift\nx\n```\n"),
            ("```\ncode", "\n\n4"), ("a \"b", String(repeating: "c", count: 300) + "\""), ("x'", "y"), ("say \"hi\"", "\"Hello\""),
            ("He is 6'2\" tall.", "The \"best\" answer."), ("the ` char", "Use `x` here"), ("a \"", "b\""),
            ("Not \"</think>\" yet \"", "x"),
            ("```\ncode", "\nSee:\n```\nx\n```\n"), ("```\ncode", "`</think>` is a tag"),
            ("```\ncode", String(repeating: "日", count: 2000)), ("```\ncode", "See:\n```\nx\n```\n" + String(repeating: "d", count: 5000)),
        ])
    func unclosedQuotation(thought: String, answer: String) {
        check("<think>\(thought)</think>\(answer)", [.thinking(thought), .text(answer)])
    }

    @Test("behind a </think> in fenced code, no more is held back than decides")
    func bound() {
        var splitter = MarkupSplitter(splitsThinking: true, startsInThinking: true, format: nil, tools: OfferedTools())
        var pieces: [MarkupPiece] = []
        splitter.consume("```\ncode</think>", to: &pieces)
        splitter.consume(String(repeating: "d", count: 4000), to: &pieces)
        #expect(pieces == [.thinking("```\ncode")])
        splitter.consume(String(repeating: "d", count: 200), to: &pieces)
        #expect(pieces.count > 1 && pieces.dropFirst().allSatisfy { if case .text = $0 { true } else { false } })
    }

    @Test("a prompt that ended with <think> lets the text begin inside, and the tag may be repeated")
    func startsInThinking() {
        let reading = MarkupReading(startsInThinking: true)
        check("Hm.</think>4", [.thinking("Hm."), .text("4")], reading)
        check("<think>Hm.</think>4", [.thinking("Hm."), .text("4")], reading)
        check("Hm. <think></think>4", [.thinking("Hm. <think>"), .text("4")], reading)
    }

    @Test("where thinking is not split, tags are text")
    func notSplit() {
        check("<think>a</think>b", [.text("<think>a</think>b")], MarkupReading(splitsThinking: false))
    }

    @Test("calls are read after the reasoning, and their arguments may hold tags of reasoning")
    func withCalls() {
        let call = "<tool_call>\n<function=get_weather>\n<parameter=city>\n<think>\nx\n</parameter>\n</function>\n</tool_call>"
        let text = "<think>a <tool_call> b</think>\(call)<think>c</think>d"
        let expected =
            [.thinking("a <tool_call> b")] + MarkupCase.call("get_weather", "{\"city\": \"<think>\\nx\"}") + [.thinking("c"), .text("d")]
        check(text, expected, MarkupReading(format: .qwen3Coder))
    }
}
