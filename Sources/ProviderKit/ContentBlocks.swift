public import JSON

/// Who may see a block on a screen. It says nothing of the model: a provider sends it blocks of every visibility.
public struct Visibility: RawRepresentable, Sendable, Hashable {
    /// The visibility as it is written.
    public var rawValue: String

    /// A visibility by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// For the host alone.
    public static let `internal` = Visibility(rawValue: "internal")
    /// For whoever wrote the application.
    public static let developer = Visibility(rawValue: "developer")
    /// For the user.
    public static let user = Visibility(rawValue: "user")
}

/// What every kind of block has: its own members, a visibility, and members that its type does not know.
protocol BlockCodable: Sendable, Hashable {
    var visibility: Visibility? { get }
    var additional: JSONObject { get }
    var members: JSONObject { get }
}

extension BlockCodable {
    func json(_ type: String) -> JSONValue {
        var object: JSONObject = ["type": .string(type)]
        object.merge(members)
        object.set("visibility", visibility?.rawValue)
        object.merge(additional)
        return .object(object)
    }
}

extension MemberReader {
    fileprivate mutating func visibility() throws(ContractError) -> Visibility? {
        try optional("visibility", Self.string).map(Visibility.init(rawValue:))
    }
}

/// Text for the reader.
public struct TextBlock: BlockCodable {
    /// The text.
    public var text: String
    /// Who may see it.
    public var visibility: Visibility?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A block of text.
    public init(_ text: String, visibility: Visibility? = nil, additional: JSONObject = [:]) {
        self.text = text
        self.visibility = visibility
        self.additional = additional
    }

    init(_ reader: inout MemberReader) throws(ContractError) {
        text = try reader.required("text", MemberReader.string)
        visibility = try reader.visibility()
        additional = reader.rest
    }

    var members: JSONObject { ["text": .string(text)] }
}

/// The model's reasoning.
public struct ThinkingBlock: BlockCodable {
    /// The reasoning's text.
    public var thinking: String
    /// The server's proof that the text is its own.
    public var signature: String?
    /// The reasoning's parts, where a server sends them.
    public var content: [JSONValue]?
    /// Who may see it.
    public var visibility: Visibility?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A block of reasoning.
    public init(
        _ thinking: String, signature: String? = nil, content: [JSONValue]? = nil, visibility: Visibility? = nil,
        additional: JSONObject = [:]
    ) {
        self.thinking = thinking
        self.signature = signature
        self.content = content
        self.visibility = visibility
        self.additional = additional
    }

    init(_ reader: inout MemberReader) throws(ContractError) {
        thinking = try reader.required("thinking", MemberReader.string)
        signature = try reader.optional("signature", MemberReader.string)
        content = try reader.optionalList("content", MemberReader.any)
        visibility = try reader.visibility()
        additional = reader.rest
    }

    var members: JSONObject {
        var object: JSONObject = ["thinking": .string(thinking)]
        object.set("signature", signature)
        if let content { object["content"] = .array(content) }
        return object
    }
}

/// Reasoning that the server keeps to itself.
public struct RedactedThinkingBlock: BlockCodable {
    /// The server's opaque data.
    public var data: String
    /// Who may see it.
    public var visibility: Visibility?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// Reasoning as the server sealed it.
    public init(data: String, visibility: Visibility? = nil, additional: JSONObject = [:]) {
        self.data = data
        self.visibility = visibility
        self.additional = additional
    }

    init(_ reader: inout MemberReader) throws(ContractError) {
        data = try reader.required("data", MemberReader.string)
        visibility = try reader.visibility()
        additional = reader.rest
    }

    var members: JSONObject { ["data": .string(data)] }
}

/// The model calls a tool.
public struct ToolCallBlock: BlockCodable {
    /// The call's id, which the result must name.
    public var id: String
    /// The tool's name.
    public var name: String
    /// The arguments.
    public var input: JSONObject
    /// Who may see it.
    public var visibility: Visibility?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A call of a tool.
    public init(id: String, name: String, input: JSONObject, visibility: Visibility? = nil, additional: JSONObject = [:]) {
        self.id = id
        self.name = name
        self.input = input
        self.visibility = visibility
        self.additional = additional
    }

    init(_ reader: inout MemberReader) throws(ContractError) {
        id = try reader.required("id", MemberReader.string)
        name = try reader.required("name", MemberReader.string)
        input = try reader.required("input", MemberReader.object)
        visibility = try reader.visibility()
        additional = reader.rest
    }

    var members: JSONObject { ["id": .string(id), "name": .string(name), "input": .object(input)] }
}

/// A tool's result.
public struct ToolResultBlock: BlockCodable {
    /// The call that this answers.
    public var toolCallID: String
    /// What the tool returned: a string or any JSON value.
    public var output: JSONValue
    /// Who may see it.
    public var visibility: Visibility?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A result of a call.
    public init(toolCallID: String, output: JSONValue, visibility: Visibility? = nil, additional: JSONObject = [:]) {
        self.toolCallID = toolCallID
        self.output = output
        self.visibility = visibility
        self.additional = additional
    }

    init(_ reader: inout MemberReader) throws(ContractError) {
        toolCallID = try reader.required("tool_call_id", MemberReader.string)
        output = reader.take("output") ?? .null
        visibility = try reader.visibility()
        additional = reader.rest
    }

    var members: JSONObject { ["tool_call_id": .string(toolCallID), "output": output] }
}

/// A picture.
public struct ImageBlock: BlockCodable {
    /// Where it is: `{"type": "base64", "media_type": …, "data": …}`, `{"type": "url", "url": …}` (http, https, data or file), or
    /// `{"type": "file", "path": …}`, which the provider reads when it sends the message.
    public var source: JSONObject
    /// Who may see it.
    public var visibility: Visibility?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A picture from a source.
    public init(source: JSONObject, visibility: Visibility? = nil, additional: JSONObject = [:]) {
        self.source = source
        self.visibility = visibility
        self.additional = additional
    }

    init(_ reader: inout MemberReader) throws(ContractError) {
        source = try reader.required("source", MemberReader.object)
        visibility = try reader.visibility()
        additional = reader.rest
    }

    var members: JSONObject { ["source": .object(source)] }
}

/// Reasoning in the form of OpenAI's Responses API.
public struct ReasoningBlock: BlockCodable {
    /// The reasoning's parts.
    public var content: [JSONValue]
    /// Its summary's parts.
    public var summary: [JSONValue]
    /// Who may see it.
    public var visibility: Visibility?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// Reasoning in parts.
    public init(content: [JSONValue], summary: [JSONValue] = [], visibility: Visibility? = nil, additional: JSONObject = [:]) {
        self.content = content
        self.summary = summary
        self.visibility = visibility
        self.additional = additional
    }

    init(_ reader: inout MemberReader) throws(ContractError) {
        content = try reader.required("content") { json throws(ContractError) in try MemberReader.list(json, MemberReader.any) }
        summary = try reader.required("summary") { json throws(ContractError) in try MemberReader.list(json, MemberReader.any) }
        visibility = try reader.visibility()
        additional = reader.rest
    }

    var members: JSONObject { ["content": .array(content), "summary": .array(summary)] }
}
