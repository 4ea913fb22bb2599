public import JSON

/// A shape that the answer must have, in OpenAI's words (`response_format`).
public enum ResponseFormat: Sendable, Hashable {
    /// Any text.
    case text
    /// Any JSON object.
    case jsonObject
    /// JSON after a schema.
    case jsonSchema(name: String, schema: JSONValue, strict: Bool? = nil)
    /// Any other format, as it is sent: `{"type": "structural_tag", …}`.
    case other(JSONObject)

    var json: JSONObject {
        switch self {
        case .text: return ["type": "text"]
        case .jsonObject: return ["type": "json_object"]
        case .jsonSchema(let name, let schema, let strict):
            var body = RequestBody()
            body.set("name", name)
            body.set("schema", schema)
            body.set("strict", strict)
            return ["type": "json_schema", "json_schema": .object(body.object)]
        case .other(let object): return object
        }
    }
}
