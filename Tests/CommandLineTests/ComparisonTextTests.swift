import Comparison
import JSON
import ProviderKit
import SessionTimeline
import Testing

@testable import vllm_host

@Suite("The report of a comparison for people")
struct ComparisonTextTests {
    @Test("nothing that a model or a log says moves the cursor, with colour and without", arguments: [false, true])
    func controls(hasColour: Bool) {
        let evil = "\u{1B}[2J\u{7}\u{9B}31m\r\u{8}"
        var (old, new) = (answer("a \(evil) b", call: evil, finishReason: evil), answer("c \(evil) d", call: evil + "x"))
        (old.model, new.model) = (evil, evil)
        new.failure = ProviderCall.Failure(message: evil)
        var comparison = compare(old, new, prompt: evil)
        comparison.old.label = evil
        comparison.notes = [evil]
        comparison.omissions = [.init(number: 2, requestID: evil, reason: evil)]
        let text = ComparisonText(comparison, hasColour: hasColour).text
        #expect(text.contains("the new call failed: "))
        var rest = text
        for code in hasColour ? ["31", "32", "39", "2", "22", "31;9", "39;29"] : [] {
            rest = rest.replacing("\u{1B}[\(code)m", with: "")
        }
        #expect(!rest.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || 0x7F...0x9F ~= $0.value })
    }

    @Test("long texts are shown where they differ")
    func long() {
        let same = String(repeating: "word ", count: 5000)
        let comparison = compare(answer(same + "old " + same), answer(same + "new " + same))
        let text = ComparisonText(comparison, hasColour: false).text
        #expect(text.contains("[-old-]{+new+}"))
        #expect(text.count < 2000)
    }

    @Test("tool calls are shown by what differs in them")
    func toolCalls() {
        let text = ComparisonText(compare(answer("", call: "f", ["a": 1]), answer("", call: "f", ["a": [2]])), hasColour: false).text
        #expect(text.contains("tool call f /a: [-1-] → {+[2]+}\n"))
        let other = ComparisonText(compare(answer("", call: "f"), answer("", call: "g")), hasColour: false).text
        #expect(other.contains("tool call [-f({})-] → {+g({})+}\n"))
    }

    @Test("a difference that does not count is told as such")
    func unimportant() {
        let (old, new) = (answer("x", thinking: "a"), answer("x", thinking: "b"))
        let text = ComparisonText(compare(old, new), hasColour: false).text
        #expect(text.contains("call 1 differs in thinking, which it may"))
        #expect(text.hasSuffix("same: 1 of 1 calls the same\n"))
    }

    @Test(
        "numbers have as many digits as say something",
        arguments: [
            (0, "0"), (1, "1"), (12.3456, "12.35"), (1234.5, "1235"), (0.000123456, "0.0001235"), (-0.5, "-0.5"), (.infinity, "∞"),
            (.nan, "?"), (1e300, "1e+300"), (1e-300, "0"), (-1e-300, "0"),
        ] as [(Double, String)])
    func numbers(_ number: Double, _ expected: String) {
        #expect(Number.short(number) == expected)
    }

    @Test(
        "only all is 100 %, only nothing is 0 %",
        arguments: [(1, "100 %"), (0.99999, "99.9 %"), (0.5, "50 %"), (0.0001, "< 0.1 %"), (0, "0 %"), (.nan, "?")] as [(Double, String)])
    func percent(_ share: Double, _ expected: String) {
        #expect(Number.percent(share) == expected)
    }

    private func compare(_ old: ComparedAnswer, _ new: ComparedAnswer, prompt: String? = nil) -> SessionComparison {
        SessionComparison(
            old: ComparedSession(label: "old"), new: ComparedSession(label: "new"),
            calls: [CallComparison(number: 1, prompt: prompt, old: old, new: new)])
    }

    private func answer(
        _ text: String, thinking: String = "", call: String? = nil, _ arguments: JSONObject = [:], finishReason: String = "stop"
    ) -> ComparedAnswer {
        var blocks: [ContentBlock] = [.thinking(ThinkingBlock(thinking)), .text(TextBlock(text))]
        if let call { blocks.append(.toolCall(ToolCallBlock(id: "1", name: call, input: arguments))) }
        return ComparedAnswer(response: ChatResponse(content: blocks, finishReason: finishReason))
    }
}
