import Testing

@testable import VLLMProvider

@Suite("Markup in a model's raw text")
struct MarkupSplitterTests {
    typealias Part = MarkupSplitter.Part

    /// The parts with neighbours of one kind joined, so that only what is said counts and not in how many pieces.
    private func parts(
        _ pieces: [String], startsInThinking: Bool = false, parsesToolCalls: Bool = true
    ) -> [Part] {
        var splitter = MarkupSplitter(startsInThinking: startsInThinking, parsesToolCalls: parsesToolCalls)
        var parts: [Part] = []
        let add = { (part: Part) in
            switch (parts.last, part) {
            case (.text(let before), .text(let after)): parts[parts.count - 1] = .text(before + after)
            case (.thinking(let before), .thinking(let after)): parts[parts.count - 1] = .thinking(before + after)
            default: parts.append(part)
            }
        }
        for piece in pieces { splitter.consume(piece, add) }
        splitter.finish(add)
        return parts
    }

    static let whole =
        "\n<think>\nI need 日本 <tool\n</think>\n\nLet me see.\n<tool_call>\n{\"name\": \"f\"}\n</tool_call>\n<tool_call>{}</tool_call> a < b 🎉"
    static let expected: [Part] = [
        .thinking("\nI need 日本 <tool\n"), .text("\n\nLet me see.\n"), .toolCall("\n{\"name\": \"f\"}\n"), .text("\n"),
        .toolCall("{}"), .text(" a < b 🎉"),
    ]

    @Test("a text cut in two at any character gives the same parts", arguments: 0...whole.count)
    func anySplit(position: Int) {
        #expect(parts([String(Self.whole.prefix(position)), String(Self.whole.dropFirst(position))]) == Self.expected)
    }

    @Test("a text that comes character by character gives the same parts")
    func characterByCharacter() {
        #expect(parts(Self.whole.map(String.init)) == Self.expected)
    }

    @Test("a prompt that ended with <think> lets the text begin inside")
    func startsInThinking() {
        #expect(parts(["Hm.", "</thi", "nk>4"], startsInThinking: true) == [.thinking("Hm."), .text("4")])
    }

    @Test("a combining mark behind a tag does not hide the tag")
    func combiningMark() {
        #expect(parts(["<think>\u{301}a</think>\u{200D}b"]) == [.thinking("\u{301}a"), .text("\u{200D}b")])
        #expect(parts(["<think>", "\u{301}a</think>", "\u{200D}b"]) == [.thinking("\u{301}a"), .text("\u{200D}b")])
    }

    @Test("without tools in the request, the markup of a call is text")
    func noTools() {
        let text = "Write <tool_call>x</tool_call> to call."
        #expect(parts([text], parsesToolCalls: false) == [.text(text)])
    }

    @Test("<think> is markup at the beginning only")
    func laterThink() {
        #expect(parts(["Use <think> to", " think</think>."]) == [.text("Use <think> to think</think>.")])
    }

    @Test(
        "a text that ends inside markup loses nothing",
        arguments: [
            ("<thi", [Part.text("<thi")]), ("<think>half", [.thinking("half")]), ("<think>half</thin", [.thinking("half</thin")]),
            ("a<tool_call>{\"na", [.text("a"), .incompleteToolCall("{\"na")]),
            ("a<tool_call>{}</tool_c", [.text("a"), .incompleteToolCall("{}</tool_c")]), ("a<tool_", [.text("a<tool_")]),
            ("a <<<tool_call><", [.text("a <<"), .incompleteToolCall("<")]), ("a < b <", [.text("a < b <")]),
        ])
    func unfinished(text: String, expected: [Part]) {
        #expect(parts([text]) == expected)
    }
}
