import JSON

/// What a JSON Schema says of a value's type, as far as it is needed to tell a text from a value that was written as a text.
struct ArgumentSchema {
    /// How many references and alternatives are followed: a schema may refer to itself.
    private static let depthLimit = 16
    private let schema: JSONValue
    private let root: JSONValue
    private let depth: Int

    init(_ schema: JSONValue, root: JSONValue) {
        self.init(schema, root: root, depth: 0)
    }

    private init(_ schema: JSONValue, root: JSONValue, depth: Int) {
        self.root = root
        self.depth = depth
        self.schema = Self.resolve(schema, root: root)
    }

    /// Follows references within the document: `#/$defs/Name`.
    private static func resolve(_ schema: JSONValue, root: JSONValue) -> JSONValue {
        var schema = schema
        for _ in 0..<depthLimit {
            guard let reference = schema["$ref"]?.string, reference.hasPrefix("#/") else { return schema }
            var target: JSONValue? = root
            for name in reference.dropFirst(2).split(separator: "/") { target = target?[String(name)] }
            guard let target else { return schema }
            schema = target
        }
        return schema
    }

    /// The schemas of which one or all hold.
    private var alternatives: [ArgumentSchema] {
        guard depth < Self.depthLimit else { return [] }
        return ["anyOf", "oneOf", "allOf"].flatMap { schema[$0]?.array ?? [] }.map { ArgumentSchema($0, root: root, depth: depth + 1) }
    }

    /// The schema of an object's member.
    func property(_ key: String) -> ArgumentSchema? {
        if let property = schema["properties"]?[key] { return ArgumentSchema(property, root: root) }
        for alternative in alternatives { if let property = alternative.property(key) { return property } }
        guard let others = schema["additionalProperties"], others.object != nil else { return nil }
        return ArgumentSchema(others, root: root)
    }

    /// The schema of an array's elements.
    var items: ArgumentSchema? {
        if let items = schema["items"], items.object != nil { return ArgumentSchema(items, root: root) }
        return alternatives.lazy.compactMap(\.items).first
    }

    /// The types that a value may have.
    var type: ArgumentType {
        let alternatives = alternatives
        if let name = schema["type"]?.string { return .oneOf([name]) }
        if let names = schema["type"]?.array { return .oneOf(Set(names.compactMap(\.string))) }
        if let values = schema["enum"]?.array ?? schema["const"].map({ [$0] }) { return .oneOf(Set(values.map(\.kind))) }
        if !alternatives.isEmpty {
            var names: Set<String> = []
            for alternative in alternatives {
                guard case .oneOf(let more) = alternative.type else { return .any }
                names.formUnion(more)
            }
            return .oneOf(names)
        }
        if schema["properties"] != nil { return .oneOf(["object"]) }
        if schema["items"] != nil { return .oneOf(["array"]) }
        return .any
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
