import JSON
import Testing

@Suite("An assistant's message with several answers")
struct OtherChoiceTests {
    private static func text(_ text: String, _ choice: Int) -> JSONValue {
        ["type": "text", "text": .string(text), "choice": .integer(choice)]
    }

    private static func call(_ id: String, _ choice: Int) -> JSONValue {
        ["type": "tool_call", "id": .string(id), "name": "f", "input": [:], "choice": .integer(choice)]
    }

    @Test("is sent with the first alone: text, thoughts and calls", arguments: ["/v1/chat/completions", "/tokenize"])
    func first(path: String) async throws {
        let thought: JSONValue = ["type": "thinking", "thinking": "Tails?", "choice": 1]
        let sent = try await SentMessages(
            [
                ["role": "user", "content": "Flip a coin."],
                [
                    "role": "assistant",
                    "content": [["type": "text", "text": "Heads"], Self.call("a", 0), thought, Self.text("Tails", 1), Self.call("b", 1)],
                    // A loop that keeps all calls beside the content.
                    "tool_calls": [["id": "a", "tool": "f", "arguments": [:]], ["id": "b", "tool": "f", "arguments": [:]]],
                ],
                ["role": "tool", "tool_call_id": "a", "content": "1"],
            ], path: path)
        #expect(
            sent.messages == [
                ["role": "user", "content": "Flip a coin."],
                [
                    "role": "assistant", "content": "Heads",
                    "tool_calls": [["id": "a", "type": "function", "function": ["name": "f", "arguments": "{}"]]],
                ],
                ["role": "tool", "tool_call_id": "a", "content": "1"],
            ])
    }

    @Test("is sent with the one that the host has kept, whatever its number")
    func kept() async throws {
        let sent = try await SentMessages([["role": "assistant", "content": [Self.text("Tails", 1), Self.text("Edge", 2)]]])
        #expect(sent.messages == [["role": "assistant", "content": "Tails"]])
    }
}
