public import JSON

extension ConfigurationSchema {
    /// Reads a schema from JSON Schema, as a plugin's manifest has it: what `jsonSchema` writes comes back the same, and of other schemas
    /// the keys, types, ranges, choices and defaults are taken. What is not understood restricts nothing: such a field takes any value.
    /// - Throws: `ConfigurationIssue` where it is no schema of a mapping.
    public init(jsonSchema: JSONValue, name: String) throws(ConfigurationIssue) {
        guard let schema = jsonSchema.object else {
            throw ConfigurationIssue(.error, .invalidValue, "expected a JSON Schema, found \(jsonSchema.kind)")
        }
        let type = schema["type"]
        guard type == nil || JSONSchemaType.names(type).contains("object") else {
            throw ConfigurationIssue(
                .error, .invalidValue, "a configuration is a mapping, and the schema's type is \(type?.text ?? "")",
                hint: #"write "type": "object""#)
        }
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        let properties = schema["properties"]?.object ?? [:]
        self.init(
            name: name,
            fields: properties.map { key, property in
                ConfigurationField(
                    key, property: property.object ?? [:], isRequired: required.contains(key),
                    isSecret: JSONSchemaSecrecy.isSecret(property, in: jsonSchema))
            },
            allowsOtherKeys: schema["additionalProperties"] != false || schema["patternProperties"] != nil)
    }
}

extension ConfigurationField {
    fileprivate init(_ key: String, property: JSONObject, isRequired: Bool, isSecret: Bool) {
        typealias Keyword = ConfigurationSchema.Keyword
        let variable = property[Keyword.environmentVariable]?.string
        let description = property["description"]?.string ?? ""
        let note = ConfigurationSchema.note(on: variable)
        var type = JSONSchemaType(property)
        if type.type == .string, isSecret { type.type = .secret }
        let fallback = property["default"]
        self.init(
            key, type.type, default: fallback?.isNull == true ? nil : fallback, range: type.range, environmentVariable: variable,
            requiredMessage: property[Keyword.requiredMessage]?.string ?? (isRequired ? "there is no value" : nil),
            alternative: property[Keyword.alternative]?.string, rivals: property[Keyword.rivals]?.array?.compactMap(\.string) ?? [],
            isSecret: isSecret,
            documentation: !note.isEmpty && description.hasSuffix(note) ? String(description.dropLast(note.count)) : description)
    }
}
