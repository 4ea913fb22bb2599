public import JSON

/// A part of a message or of an answer. Kinds that this version does not know pass through unchanged as `unknown`.
public enum ContentBlock: ContractCodable {
    /// Text for the reader.
    case text(TextBlock)
    /// The model's reasoning.
    case thinking(ThinkingBlock)
    /// Reasoning that the server keeps to itself.
    case redactedThinking(RedactedThinkingBlock)
    /// The model calls a tool.
    case toolCall(ToolCallBlock)
    /// A tool's result.
    case toolResult(ToolResultBlock)
    /// A picture.
    case image(ImageBlock)
    /// Reasoning in the form of OpenAI's Responses API.
    case reasoning(ReasoningBlock)
    /// A block of another kind, as it came.
    case unknown(JSONObject)

    /// Reads a block by its `type`.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        switch try members.required("type", MemberReader.string) {
        case "text": self = .text(try TextBlock(&members))
        case "thinking": self = .thinking(try ThinkingBlock(&members))
        case "redacted_thinking": self = .redactedThinking(try RedactedThinkingBlock(&members))
        case "tool_call": self = .toolCall(try ToolCallBlock(&members))
        case "tool_result": self = .toolResult(try ToolResultBlock(&members))
        case "image": self = .image(try ImageBlock(&members))
        case "reasoning": self = .reasoning(try ReasoningBlock(&members))
        default: self = .unknown(json.object ?? [:])
        }
        if let choice = writtenChoice { do { _ = try MemberReader.choice(choice) } catch { throw error.within("choice") } }
    }

    /// The block as JSON, `type` first.
    public var json: JSONValue {
        switch self {
        case .text(let block): block.json("text")
        case .thinking(let block): block.json("thinking")
        case .redactedThinking(let block): block.json("redacted_thinking")
        case .toolCall(let block): block.json("tool_call")
        case .toolResult(let block): block.json("tool_result")
        case .image(let block): block.json("image")
        case .reasoning(let block): block.json("reasoning")
        case .unknown(let object): .object(object)
        }
    }

    /// The choice that the block belongs to, where several answers were asked for: 0 for the first, and where there is none of the number.
    public var choice: Int {
        guard let choice = writtenChoice?.int, 0..<BlockStart.choiceLimit ~= choice else { return 0 }
        return choice
    }

    /// What an answer is made of may say which one it belongs to.
    private var writtenChoice: JSONValue? {
        let additional: JSONObject
        switch self {
        case .text(let block): additional = block.additional
        case .thinking(let block): additional = block.additional
        case .toolCall(let block): additional = block.additional
        default: return nil
        }
        return additional["choice"].flatMap { $0.isNull ? nil : $0 }
    }

    /// The text of a text block; `nil` for other kinds.
    public var text: String? { if case .text(let block) = self { block.text } else { nil } }

    /// The text of a thinking block; `nil` for other kinds.
    public var thinking: String? { if case .thinking(let block) = self { block.thinking } else { nil } }

    /// The call of a tool-call block; `nil` for other kinds.
    public var toolCall: ToolCall? {
        if case .toolCall(let block) = self { ToolCall(id: block.id, name: block.name, arguments: block.input) } else { nil }
    }
}
