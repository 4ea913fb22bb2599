public import JSON

extension ConfigurationNode {
    /// The value as JSON, for free-form parts of a configuration such as `extra_body`: plain scalars are typed by the core schema of
    /// YAML 1.2 (`1` is a number, `true` a boolean, `yes` text), quoted ones are text.
    public var json: JSONValue {
        switch value {
        case .null: .null
        case .scalar(let scalar): scalar.isPlain ? CoreSchema.json(scalar.text) : .string(scalar.text)
        case .sequence(let elements): .array(elements.map(\.json))
        case .mapping(let mapping): .object(JSONObject(mapping.lazy.map { ($0.key, $0.value.json) }))
        }
    }

    /// A node from JSON, as hosts hand a module its configuration. Every part has the same origin.
    public init(json: JSONValue, origin: ConfigurationOrigin) {
        let value: Value
        switch json {
        case .null: value = .null
        case .bool(let bool): value = .scalar(ConfigurationScalar(bool ? "true" : "false", isPlain: true))
        case .number(let number): value = .scalar(ConfigurationScalar(number.literal, isPlain: true))
        case .string(let text): value = .scalar(ConfigurationScalar(text, isPlain: false))
        case .array(let elements): value = .sequence(elements.map { ConfigurationNode(json: $0, origin: origin) })
        case .object(let members):
            var mapping = ConfigurationMapping()
            for (key, member) in members {
                mapping.set(ConfigurationNode(json: member, origin: origin), for: key, keyOrigin: origin)
            }
            value = .mapping(mapping)
        }
        self.init(value, origin: origin)
    }
}
