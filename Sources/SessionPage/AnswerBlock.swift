import JSON

/// A block of a message or of an answer, read leniently: of what a log says, as much is shown as can be understood.
enum AnswerBlock {
    case text(String)
    case thinking(String)
    case toolCall(id: String?, name: String, input: JSONValue)
    case image(PageImage)
    /// Of a kind that this version does not know.
    case other(JSONValue)

    /// A block as the contract writes it, or as a loop tells it in `content_block:end` (where the text of reasoning is its `text`).
    init(_ json: JSONValue) {
        switch json["type"]?.string {
        case "text": if let text = json["text"]?.string { self = .text(text) } else { self = .other(json) }
        case "thinking":
            if let text = json["thinking"]?.string ?? json["text"]?.string { self = .thinking(text) } else { self = .other(json) }
        case "tool_call", "tool_use":
            self = .toolCall(
                id: json["id"]?.string, name: json["name"]?.string ?? "?", input: json["input"] ?? json["arguments"] ?? .null)
        case "image", "image_url": if let image = PageImage(json) { self = .image(image) } else { self = .other(json) }
        default: self = .other(json)
        }
    }

    /// The blocks of a message's `content`, which is a text or a list.
    static func all(_ content: JSONValue?) -> [AnswerBlock] {
        switch content {
        case .string(let text)?: [.text(text)]
        case .array(let blocks)?: blocks.map(AnswerBlock.init)
        default: []
        }
    }

    /// The text of a text block.
    var text: String? { if case .text(let text) = self { text } else { nil } }
}
