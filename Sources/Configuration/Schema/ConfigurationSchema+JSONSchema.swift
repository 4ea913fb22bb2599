public import JSON

extension ConfigurationSchema {
    /// The schema as JSON Schema (draft 2020-12), by which editors complete and check configuration files.
    public var jsonSchema: JSONValue {
        var root: JSONObject = ["$schema": .string(Self.draft), "title": .string(name)]
        root.merge(jsonSchemaBody)
        return .object(root)
    }

    static let draft = "https://json-schema.org/draft/2020-12/schema"

    /// A reference to an environment variable, which may stand for a value of any type.
    static let reference: JSONValue = ["type": "string", "pattern": #"\$\{[A-Za-z_][A-Za-z0-9_]*(:[^}]*)?\}"#]

    /// The schema of the mapping itself, to be put into another one.
    var jsonSchemaBody: JSONObject {
        [
            "type": "object",
            "properties": .object(JSONObject(fields.map { ($0.key, Self.property($0)) })),
            "additionalProperties": .bool(allowsOtherKeys),
        ]
    }

    private static func property(_ field: ConfigurationField) -> JSONValue {
        var property: JSONObject = ["description": .string(field.documentation + note(on: field.environmentVariable))]
        property.merge(value(of: field.type, field.range))
        if let value = field.default { property["default"] = value }
        if field.isSecret { property["writeOnly"] = true }
        if let variable = field.environmentVariable { property[Keyword.environmentVariable] = .string(variable) }
        if let message = field.requiredMessage { property[Keyword.requiredMessage] = .string(message) }
        if let key = field.alternative { property[Keyword.alternative] = .string(key) }
        if !field.rivals.isEmpty { property[Keyword.rivals] = .array(field.rivals.map { .string($0) }) }
        return .object(property)
    }

    /// What JSON Schema has no word for. Editors pass over keywords that they do not know.
    enum Keyword {
        static let environmentVariable = "x-environment-variable"
        static let requiredMessage = "x-required-message"
        static let alternative = "x-alternative"
        static let rivals = "x-rivals"
    }

    /// What the description says of an environment variable.
    static func note(on variable: String?) -> String { variable.map { " The environment variable \($0) also serves." } ?? "" }

    private static func value(of type: ConfigurationFieldType, _ range: ConfigurationRange?) -> JSONObject {
        switch type {
        case .string, .secret: ["type": ["string", "null"]]
        case .bool: anyOf(["type": "boolean"], reference)
        case .int: anyOf(number("integer", range), reference)
        case .number: anyOf(number("number", range), reference)
        case .seconds:
            anyOf(
                number("number", range, most: Double(ConfigurationField.longest)),
                secondsText, reference)
        case .stringList: anyOf(["type": "string"], ["type": "array", "items": ["type": "string"]])
        case .intList:
            anyOf(number("integer", range), ["type": "array", "items": number("integer", range)], reference)
        case .objectList: anyOf(["type": "object"], ["type": "array", "items": ["type": "object"]])
        case .oneOf(let types): ["anyOf": .array(types.map { .object(value(of: $0, range)) })]
        case .choice(let names): anyOf(["enum": .array(names.map { .string($0) })], reference)
        case .object: ["type": ["object", "null"]]
        case .any: [:]
        }
    }

    /// A time with a unit.
    static let secondsText: JSONValue = ["type": "string", "pattern": #"^[0-9.]+ ?(ms|s|m|h|d)$"#]

    private static func anyOf(_ alternatives: JSONValue...) -> JSONObject {
        ["anyOf": .array(alternatives + [["type": "null"]])]
    }

    private static func number(_ type: JSONValue, _ range: ConfigurationRange?, most: Double = .infinity) -> JSONValue {
        var schema: JSONObject = ["type": type]
        if let minimum = range?.minimum { schema[range?.excludesMinimum == true ? "exclusiveMinimum" : "minimum"] = json(minimum) }
        let maximum = min(range?.maximum ?? .infinity, most)
        if maximum.isFinite { schema["maximum"] = json(maximum) }
        return .object(schema)
    }

    private static func json(_ value: Double) -> JSONValue { Int(exactly: value).map { .integer($0) } ?? .double(value) }
}
