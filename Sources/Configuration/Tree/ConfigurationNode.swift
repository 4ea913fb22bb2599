/// A value of the configuration together with where it came from.
public struct ConfigurationNode: Sendable, Hashable {
    /// What a node can hold.
    public enum Value: Sendable, Hashable {
        /// Nothing: the key is there, but has no value (`null`, `~`, nothing at all, or an environment variable that is not set).
        case null
        /// A single value.
        case scalar(ConfigurationScalar)
        /// A list.
        case sequence([ConfigurationNode])
        /// Keys with values, in the order written.
        case mapping(ConfigurationMapping)
    }

    /// The value.
    public var value: Value
    /// Where it came from.
    public var origin: ConfigurationOrigin

    /// A node.
    public init(_ value: Value, origin: ConfigurationOrigin) {
        self.value = value
        self.origin = origin
    }
}

extension ConfigurationNode {
    /// The place in a file, where there is one.
    public var location: SourceLocation? { origin.location }

    /// Whether there is no value.
    public var isNull: Bool { value == .null }

    /// Whether the value counts as not set: none, or empty text. An environment variable that is empty means the same as one that is not
    /// set, and so does a key without a value.
    public var isUnset: Bool {
        switch value {
        case .null: true
        case .scalar(let scalar): scalar.text.isEmpty
        case .sequence, .mapping: false
        }
    }

    /// The single value, if this is one.
    public var scalar: ConfigurationScalar? { if case .scalar(let scalar) = value { scalar } else { nil } }

    /// The elements, if this is a list.
    public var sequence: [ConfigurationNode]? { if case .sequence(let elements) = value { elements } else { nil } }

    /// The keys and values, if this is a mapping.
    public var mapping: ConfigurationMapping? { if case .mapping(let mapping) = value { mapping } else { nil } }

    /// The value of a key, if this is a mapping that has the key.
    public subscript(key: String) -> ConfigurationNode? { mapping?[key] }

    /// An element, if this is a list that is long enough.
    public subscript(index: Int) -> ConfigurationNode? {
        guard let elements = sequence, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}
