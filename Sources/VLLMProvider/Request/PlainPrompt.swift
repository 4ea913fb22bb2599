import JSON
import ProviderKit

/// The simple prompt for models without a chat template: each message as `[ROLE]`, a line break and its text.
enum PlainPrompt {
    /// The conversation as text, with the assistant's turn open at its end.
    static func render(_ messages: [Message]) -> String {
        let turns = messages.map { message in
            "[\(message.role.rawValue.uppercased())]\n\(text(of: message))\n"
        }
        return (turns + ["[ASSISTANT]\n"]).joined(separator: "\n")
    }

    private static func text(of message: Message) -> String {
        message.content.blocks.compactMap { block in
            switch block {
            case .text(let block): block.text
            case .toolResult(let block): block.output.string ?? block.output.text
            case .toolCall(let block):
                "<tool_call>\n\(JSONValue.object(["name": .string(block.name), "arguments": .object(block.input)]).text)\n</tool_call>"
            default: nil
            }
        }.joined(separator: "\n")
    }
}
