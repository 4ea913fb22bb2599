public import JSON

/// A tool that the model may call.
public struct ToolSpec: ContractCodable {
    /// The tool's name.
    public var name: String
    /// The JSON Schema of its arguments.
    public var parameters: JSONObject
    /// What it does, for the model.
    public var description: String?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// A tool.
    public init(name: String, parameters: JSONObject, description: String? = nil, additional: JSONObject = [:]) {
        self.name = name
        self.parameters = parameters
        self.description = description
        self.additional = additional
    }

    /// Reads a tool.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        name = try members.required("name", MemberReader.string)
        parameters = try members.required("parameters", MemberReader.object)
        description = try members.optional("description", MemberReader.string)
        additional = members.rest
    }

    /// The tool as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["name": .string(name), "parameters": .object(parameters)]
        object.set("description", description)
        object.merge(additional)
        return .object(object)
    }
}
