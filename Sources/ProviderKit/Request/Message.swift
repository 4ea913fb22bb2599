public import JSON

/// One turn of a conversation.
public struct Message: ContractCodable {
    /// Who speaks.
    public var role: Role
    /// What is said.
    public var content: MessageContent
    /// The speaker's name, or the tool's.
    public var name: String?
    /// On a tool's message: the call that it answers.
    public var toolCallID: String?
    /// Whatever a host or provider keeps with the message.
    public var metadata: JSONObject?
    /// Members that this type does not know, such as the `tool_calls` that Amplifier's loops put on an assistant's message.
    public var additional: JSONObject

    /// A message.
    public init(
        role: Role, content: MessageContent, name: String? = nil, toolCallID: String? = nil, metadata: JSONObject? = nil,
        additional: JSONObject = [:]
    ) {
        self.role = role
        self.content = content
        self.name = name
        self.toolCallID = toolCallID
        self.metadata = metadata
        self.additional = additional
    }

    /// A user's message.
    public static func user(_ text: String) -> Message { Message(role: .user, content: .text(text)) }

    /// A system message.
    public static func system(_ text: String) -> Message { Message(role: .system, content: .text(text)) }

    /// Reads a message.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        role = Role(rawValue: try members.required("role", MemberReader.string))
        content = try members.required("content", MessageContent.init(json:))
        name = try members.optional("name", MemberReader.string)
        toolCallID = try members.optional("tool_call_id", MemberReader.string)
        metadata = try members.optional("metadata", MemberReader.object)
        additional = members.rest
    }

    /// The message as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["role": .string(role.rawValue), "content": content.json]
        object.set("name", name)
        object.set("tool_call_id", toolCallID)
        object.set("metadata", metadata)
        object.merge(additional)
        return .object(object)
    }
}

/// Who speaks in a message. The contract knows six roles; others pass through.
public struct Role: RawRepresentable, Sendable, Hashable {
    /// The role as it is written.
    public var rawValue: String

    /// A role by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Instructions from whoever runs the host.
    public static let system = Role(rawValue: "system")
    /// Instructions from whoever wrote the application.
    public static let developer = Role(rawValue: "developer")
    /// The person, or whatever asks.
    public static let user = Role(rawValue: "user")
    /// The model.
    public static let assistant = Role(rawValue: "assistant")
    /// A function's result (the older form of `tool`).
    public static let function = Role(rawValue: "function")
    /// A tool's result.
    public static let tool = Role(rawValue: "tool")
}

/// What a message says: plain text, or a list of blocks.
public enum MessageContent: ContractCodable, ExpressibleByStringInterpolation {
    /// Plain text.
    case text(String)
    /// Blocks in order.
    case blocks([ContentBlock])

    /// Plain text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// Reads a string or an array of blocks.
    public init(json: JSONValue) throws(ContractError) {
        switch json {
        case .string(let text): self = .text(text)
        case .array: self = .blocks(try MemberReader.list(json, ContentBlock.init(json:)))
        default: throw .expected("a string or an array of content blocks", json)
        }
    }

    /// A string or an array of blocks.
    public var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .blocks(let blocks): .array(blocks.map(\.json))
        }
    }

    /// The content as blocks, plain text being one text block.
    public var blocks: [ContentBlock] {
        switch self {
        case .text(let text): [.text(TextBlock(text))]
        case .blocks(let blocks): blocks
        }
    }

    /// All text of the content, its text blocks joined by line breaks.
    public var plainText: String {
        switch self {
        case .text(let text): text
        case .blocks(let blocks): blocks.compactMap(\.text).joined(separator: "\n")
        }
    }
}
