import JSON

/// Whether a JSON Schema is of something that must not be shown: it says `"writeOnly": true` or `"format": "password"`, or a schema inside
/// of it does.
enum JSONSchemaSecrecy {
    /// - Parameter root: the whole schema, in which a `$ref` leads elsewhere.
    static func isSecret(_ schema: JSONValue, in root: JSONValue) -> Bool {
        var followed: Set<String> = []
        return isSecret(schema, in: root, &followed)
    }

    /// - Parameter followed: the references that were followed; each is once.
    private static func isSecret(_ schema: JSONValue, in root: JSONValue, _ followed: inout Set<String>) -> Bool {
        switch schema {
        case .array(let schemas):
            for schema in schemas where isSecret(schema, in: root, &followed) { return true }
        case .object(let members):
            if members["writeOnly"] == true || members["format"] == "password" { return true }
            if let reference = members["$ref"]?.string, followed.insert(reference).inserted, let schema = find(reference, in: root),
                isSecret(schema, in: root, &followed)
            {
                return true
            }
            for (_, member) in members where isSecret(member, in: root, &followed) { return true }
        default: break
        }
        return false
    }

    /// What a reference inside of the schema names: `#/$defs/key`.
    private static func find(_ reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root) { value, name in value?[String(name)] }
    }
}
