import JSON

/// The simplest JSON value that a schema allows, for demands the model was taught no answer to.
struct SchemaSample {
    var schema: JSONValue
    private static let depthLimit = 16

    /// The value.
    var value: JSONValue { sample(schema, depth: 0) }

    private func sample(_ schema: JSONValue, depth: Int) -> JSONValue {
        guard depth < Self.depthLimit else { return .null }
        if let constant = schema["const"] ?? schema["enum"]?[0] { return constant }
        if let option = schema["anyOf"]?[0] ?? schema["oneOf"]?[0] { return sample(option, depth: depth + 1) }
        switch schema["type"]?.string ?? schema["type"]?[0]?.string {
        case "string": return ""
        case "integer", "number": return schema["minimum"] ?? 0
        case "boolean": return false
        case "array":
            let item = schema["items"] ?? [:]
            return .array(Array(repeating: sample(item, depth: depth + 1), count: min(max(schema["minItems"]?.int ?? 0, 0), 8)))
        case "object":
            let names = (schema["required"]?.array ?? []).compactMap(\.string)
            return .object(JSONObject(names.map { ($0, sample(schema["properties"]?[$0] ?? [:], depth: depth + 1)) }))
        default: return .null
        }
    }

    /// Whether a value has the type demanded and, for objects, the members demanded: as much as telling the taught answers apart needs.
    func accepts(_ value: JSONValue) -> Bool {
        switch schema["type"]?.string {
        case "object":
            guard let object = value.object else { return false }
            return (schema["required"]?.array ?? []).compactMap(\.string).allSatisfy { object[$0] != nil }
        case "integer": return value.int != nil
        case let type?: return value.kind == type
        case nil: return true
        }
    }
}
