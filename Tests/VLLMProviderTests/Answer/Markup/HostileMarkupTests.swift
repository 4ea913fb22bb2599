import Testing

@testable import VLLMProvider

@Suite("Hostile text")
struct HostileMarkupTests {
    /// Beginnings of markup that never end, each of which something is held back for.
    private static let texts: [(ToolCallFormat, String)] = [
        (.hermes, "<"), (.hermes, "<tool_call>"), (.hermes, "<tool_call>{"), (.hermes, "<tool_call>\n"),
        (.hermes, "<tool_call>{\"name\": "),
        (.hermes, "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": \"<"), (.hermes, "<tool_call>{\"a\": ["), (.hermes, "<tool_call>{'"),
        (.hermes, "<think>"), (.hermes, "<think>`</think>"), (.hermes, "<think>`</think>\n"), (.hermes, "日"),
        (.hermes, "<think>```\n</think>"), (.hermes, "</think>"), (.hermes, "```"),
        (.mistral, "[TOOL_CALLS]"), (.mistral, "[TOOL_CALLS]a"), (.mistral, "["), (.mistral, "[TOOL_CALLS]["), (.mistral, "\\\""),
        (.llama3JSON, "{"), (.llama3JSON, "{\"name\": \"f\", \"parameters\": {"), (.llama3JSON, "{\"name\": \"f\", \"parameters\": {}};"),
        (.qwen3Coder, "<function=f><parameter=a>\n"), (.qwen3Coder, "<function="), (.qwen3Coder, "<function=f><parameter="),
    ]

    @Test(
        "long markup that never ends is read in time, and means the same in one piece and in many",
        .timeLimit(.minutes(1)), arguments: texts)
    func endless(format: ToolCallFormat, text: String) {
        let repeated = String(repeating: text, count: 10_000 / text.utf8.count)
        let continued = text + String(repeating: " ", count: 5_000) + String(repeating: "<x", count: 2_500)
        for whole in [repeated, continued] {
            let reading = MarkupReading(format: format)
            let pieces = reading.pieces(whole)
            #expect(!pieces.isEmpty)
            #expect(reading.pieces(cut(whole)) == pieces)
        }
    }

    private func cut(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        return stride(from: 0, to: scalars.count, by: 7).map { start in
            scalars[start..<min(start + 7, scalars.count)].reduce(into: "") { $0.unicodeScalars.append($1) }
        }
    }
}
