public import JSON

/// The form that an answer must have.
public enum ResponseFormat: ContractCodable {
    /// Any text.
    case text
    /// A JSON object.
    case json
    /// JSON that fits a schema; `strict` says whether the server must enforce it to the letter.
    case jsonSchema(schema: JSONObject, strict: Bool?)

    /// Reads a format by its `type`; a schema may stand under `json_schema` or `schema`, as Amplifier writes it either way.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        let type = try members.required("type", MemberReader.string)
        switch type {
        case "text": self = .text
        case "json": self = .json
        case "json_schema":
            let isAliased = members.rest["json_schema"] == nil
            let schema = try members.required(isAliased ? "schema" : "json_schema", MemberReader.object)
            self = .jsonSchema(schema: schema, strict: try members.optional("strict", MemberReader.bool))
        default: throw ContractError(path: "type", message: "expected text, json or json_schema, found \"\(type)\"")
        }
    }

    /// The format as JSON.
    public var json: JSONValue {
        switch self {
        case .text: ["type": "text"]
        case .json: ["type": "json"]
        case .jsonSchema(let schema, let strict):
            strict.map { ["type": "json_schema", "json_schema": .object(schema), "strict": .bool($0)] }
                ?? ["type": "json_schema", "json_schema": .object(schema)]
        }
    }
}
