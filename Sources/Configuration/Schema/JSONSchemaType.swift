import JSON

/// The type that a JSON Schema describes, as far as a configuration knows it.
struct JSONSchemaType: Equatable {
    var type: ConfigurationFieldType
    /// Of the numbers.
    var range: ConfigurationRange?

    private init(_ type: ConfigurationFieldType, _ range: ConfigurationRange? = nil) {
        self.type = type
        self.range = range
    }

    /// Reads what a property takes. Schemas inside of schemas are followed as deep as the writer goes.
    init(_ schema: JSONObject) { self.init(schema, depth: 0) }

    private init(_ schema: JSONObject, depth: Int) {
        self.init(.any)
        guard depth < 4 else { return }
        if let names = (schema["enum"] ?? schema["const"].map { [$0] })?.array {
            let texts = names.compactMap(\.string)
            if !texts.isEmpty, texts.count == names.count(where: { !$0.isNull }) { self.init(.choice(texts)) }
        } else if let alternatives = (schema["anyOf"] ?? schema["oneOf"])?.array {
            self = Self.alternatives(alternatives, depth: depth)
        } else {
            let names = Self.names(schema["type"]).filter { $0 != "null" }
            if names.count == 1 {
                self = Self.named(names[0], schema)
            } else if !names.isEmpty {
                self = Self.either(names.map { Self.named($0, schema) })
            }
        }
    }

    /// The names of a schema's `type`, which may be one or several.
    static func names(_ type: JSONValue?) -> [String] { type?.array?.compactMap(\.string) ?? type?.string.map { [$0] } ?? [] }

    private static func named(_ name: String, _ schema: JSONObject) -> JSONSchemaType {
        switch name {
        case "string": return JSONSchemaType(.string)
        case "boolean": return JSONSchemaType(.bool)
        case "integer": return JSONSchemaType(.int, range(schema))
        case "number": return JSONSchemaType(.number, range(schema))
        case "object": return JSONSchemaType(.object)
        case "array":
            guard let items = schema["items"]?.object else { return JSONSchemaType(.any) }
            switch names(items["type"]) {
            case ["string"]: return JSONSchemaType(.stringList)
            case ["integer"]: return JSONSchemaType(.intList, range(items))
            case ["object"]: return JSONSchemaType(.objectList)
            default: return JSONSchemaType(.any)
            }
        default: return JSONSchemaType(.any)
        }
    }

    private static func alternatives(_ all: [JSONValue], depth: Int) -> JSONSchemaType {
        let hasTimes = all.contains(ConfigurationSchema.secondsText)
        let left = all.filter { $0 != ["type": "null"] && $0 != ConfigurationSchema.reference && $0 != ConfigurationSchema.secondsText }
        let types = left.map { JSONSchemaType($0.object ?? [:], depth: depth + 1) }
        if hasTimes, types.count == 1, types[0].type == .number { return JSONSchemaType(.seconds, types[0].range?.withoutLongestTime) }
        guard !hasTimes else { return JSONSchemaType(.any) }
        // That one alone is a list of one is written with a null, by which it is told from one of two types.
        let pairs: [[ConfigurationFieldType]] = [[.string, .stringList], [.int, .intList], [.object, .objectList]]
        if left.count < all.count, pairs.contains(types.map(\.type)) { return types[1] }
        return either(types)
    }

    private static func either(_ types: [JSONSchemaType]) -> JSONSchemaType {
        guard types.count != 1 else { return types[0] }
        // A range counts for all numbers of a field.
        let ranges = Set(types.filter { [.int, .number, .seconds, .intList].contains($0.type) }.map(\.range))
        guard !types.isEmpty, ranges.count < 2, !types.contains(where: { $0.type == .any }) else { return JSONSchemaType(.any) }
        return JSONSchemaType(.oneOf(types.map(\.type)), ranges.first ?? nil)
    }

    private static func range(_ schema: JSONObject) -> ConfigurationRange? {
        let above = schema["exclusiveMinimum"]?.double
        let minimum = above ?? schema["minimum"]?.double
        let maximum = schema["maximum"]?.double
        guard minimum != nil || maximum != nil else { return nil }
        return ConfigurationRange(minimum: minimum, excludesMinimum: above != nil, maximum: maximum)
    }
}

extension ConfigurationRange {
    /// The range without the limit that all times have.
    fileprivate var withoutLongestTime: ConfigurationRange? {
        guard maximum == Double(ConfigurationField.longest) else { return self }
        return minimum.map { ConfigurationRange(minimum: $0, excludesMinimum: excludesMinimum, maximum: nil) }
    }
}
