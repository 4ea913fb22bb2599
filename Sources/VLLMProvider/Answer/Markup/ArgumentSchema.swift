import JSON
import JSONSchema

/// What a JSON Schema says of a value's type, as far as it is needed to tell a text from a value that was written as a text.
struct ArgumentSchema {
    private static let combinations = ["anyOf", "oneOf", "allOf"]
    private let schema: JSONValue
    private let root: JSONValue

    init(_ schema: JSONValue, root: JSONValue) {
        self.schema = schema
        self.root = root
    }

    /// Goes over the schema and, where `visit` says so, over what it refers to and combines: each reference once, however often and in
    /// whatever circle a schema refers to itself.
    private func walk(_ visit: (JSONValue) -> Bool) {
        var followed: Set<SchemaPointer> = []
        var pending = [schema]
        while let schema = pending.popLast() {
            guard visit(schema) else { continue }
            for key in Self.combinations.reversed() { pending += (schema[key]?.array ?? []).reversed() }
            guard let pointer = Self.reference(of: schema), followed.insert(pointer).inserted else { continue }
            if let target = pointer.value(in: root) { pending.append(target) }
        }
    }

    private static func reference(of schema: JSONValue) -> SchemaPointer? {
        schema["$ref"]?.string.flatMap { SchemaPointer(reference: $0) }
    }

    /// The first that `find` finds in the schema or in what it refers to and combines.
    private func first(_ find: (JSONValue) -> JSONValue?) -> ArgumentSchema? {
        var found: JSONValue?
        walk { schema in
            found = found ?? find(schema)
            return found == nil
        }
        return found.map { ArgumentSchema($0, root: root) }
    }

    /// The schema of an object's member.
    func property(_ key: String) -> ArgumentSchema? {
        first { $0["properties"]?[key] } ?? first { schema in schema["additionalProperties"].flatMap { $0.object == nil ? nil : $0 } }
    }

    /// The schema of an array's elements.
    var items: ArgumentSchema? {
        first { schema in schema["items"].flatMap { $0.object == nil ? nil : $0 } }
    }

    /// The types that a value may have.
    var type: ArgumentType {
        var names: Set<String> = []
        var isAny = false
        walk { schema in
            if let told = Self.types(of: schema) {
                names.formUnion(told)
                return false
            }
            if Self.combinations.contains(where: { schema[$0]?.array?.isEmpty == false }) { return true }
            if let pointer = Self.reference(of: schema), pointer.value(in: root) != nil { return true }
            isAny = true
            return false
        }
        return isAny || names.isEmpty ? .any : .oneOf(names)
    }

    /// The types that a schema names by itself; `nil` where it names none.
    private static func types(of schema: JSONValue) -> [String]? {
        if let name = schema["type"]?.string { return [name] }
        if let names = schema["type"]?.array { return names.compactMap(\.string) }
        if let values = schema["enum"]?.array ?? schema["const"].map({ [$0] }) { return values.map(\.kind) }
        let isCombined = schema["$ref"] != nil || combinations.contains { schema[$0] != nil }
        if isCombined { return nil }
        if schema["properties"] != nil { return ["object"] }
        return schema["items"] == nil ? nil : ["array"]
    }
}

/// The types of JSON Schema that a value may have.
enum ArgumentType: Hashable {
    /// The schema does not say.
    case any
    case oneOf(Set<String>)

    /// Whether a text in the place of the value is the value itself. Where nothing is said it is, as vLLM's parser has it.
    var isString: Bool { self == .any || self == .oneOf(["string"]) }

    /// Whether a value may have the type.
    func allows(_ value: JSONValue) -> Bool {
        guard case .oneOf(let names) = self else { return true }
        return names.contains(value.kind) || value.int != nil && names.contains("integer")
    }

    /// The value that is meant by a text, in JSON or in Python; the text itself where the type does not allow what it says.
    func json(_ text: String) -> JSONValue {
        guard case .oneOf(let names) = self, !isString else { return .string(text) }
        let value = (try? JSONValue(parsing: text)) ?? JSONRepair.repaired(text)?.value
        guard let value, allows(value), !names.contains("string") || value.isNull else { return .string(text) }
        return value
    }
}
