/// The keys that a module's configuration may have. Reading, messages, `config show` and the JSON Schema all come from here.
public struct ConfigurationSchema: Sendable, Hashable {
    /// What is configured, for titles: `provider-vllm`.
    public var name: String
    /// The fields, in the order in which to show them.
    public var fields: [ConfigurationField]
    /// Whether there may be keys that it does not know.
    public var allowsOtherKeys: Bool

    /// A schema.
    public init(name: String, fields: [ConfigurationField], allowsOtherKeys: Bool = false) {
        self.name = name
        self.fields = fields
        self.allowsOtherKeys = allowsOtherKeys
    }

    /// The field of a key.
    public subscript(key: String) -> ConfigurationField? { fields.first { $0.key == key } }

    /// The keys whose values must not be shown.
    public var secretKeys: Set<String> { Set(fields.lazy.filter(\.isSecret).map(\.key)) }
}
