import JSON
import ProviderKit

/// The simple prompt for models without a chat template: each turn as `[ROLE]`, a line break and its text.
///
/// What the model thought in earlier turns is not repeated: a model that is prompted like this knows no difference between a thought
/// and an answer.
enum PlainPrompt {
    /// The conversation as text, with the assistant's turn open at its end.
    static func render(_ turns: [Turn]) -> String {
        let texts = turns.map { turn in "[\(turn.role.rawValue.uppercased())]\n\(text(of: turn))\n" }
        return (texts + ["[ASSISTANT]\n"]).joined(separator: "\n")
    }

    private static func text(of turn: Turn) -> String {
        let calls = turn.calls.map { call in
            // Arguments that are no JSON are shown as the text that they are.
            let arguments = (try? JSONValue(parsing: call.arguments)) ?? .string(call.arguments)
            return "<tool_call>\n\(JSONValue.object(["name": .string(call.name), "arguments": arguments]).text)\n</tool_call>"
        }
        return (turn.content.blocks.compactMap(ContentPart.text) + calls).joined(separator: "\n")
    }
}
