public import JSON

/// A call of a tool that a model asks for.
public struct ToolCall: ContractCodable {
    /// The call's id, which the result must name.
    public var id: String
    /// The tool's name.
    public var name: String
    /// The arguments.
    public var arguments: JSONObject
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A call.
    public init(id: String, name: String, arguments: JSONObject, additional: JSONObject = [:]) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.additional = additional
    }

    /// Reads a call.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        id = try members.required("id", MemberReader.string)
        name = try members.required("name", MemberReader.string)
        arguments = try members.required("arguments", MemberReader.object)
        additional = members.rest
    }

    /// The call as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["id": .string(id), "name": .string(name), "arguments": .object(arguments)]
        object.merge(additional)
        return .object(object)
    }
}
