/// The keys and values of a mapping, in the order written. Every key is there once.
public struct ConfigurationMapping: Sendable, Hashable {
    /// A key with its value.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public let key: String
        /// Where the key is written.
        public let keyOrigin: ConfigurationOrigin
        /// The value.
        public let value: ConfigurationNode
    }

    private var entries: [Entry] = []
    private var positions: [String: Int] = [:]

    /// A mapping without keys.
    public init() {}

    /// The keys in order.
    public var keys: [String] { entries.map(\.key) }

    /// The value of a key.
    public subscript(key: String) -> ConfigurationNode? { entry(key)?.value }

    /// A key with its value and place.
    public func entry(_ key: String) -> Entry? { positions[key].map { entries[$0] } }

    /// Sets the value of a key: at its place where the key is there, else at the end.
    public mutating func set(_ value: ConfigurationNode, for key: String, keyOrigin: ConfigurationOrigin) {
        let entry = Entry(key: key, keyOrigin: keyOrigin, value: value)
        if let position = positions[key] {
            entries[position] = entry
        } else {
            positions[key] = entries.count
            entries.append(entry)
        }
    }

    /// The same keys with other values.
    public func mapValues<Failure: Error>(
        _ transform: (Entry) throws(Failure) -> ConfigurationNode
    ) throws(Failure) -> ConfigurationMapping {
        var result = ConfigurationMapping()
        for entry in entries { result.set(try transform(entry), for: entry.key, keyOrigin: entry.keyOrigin) }
        return result
    }
}

extension ConfigurationMapping: RandomAccessCollection {
    /// Where the entries start.
    public var startIndex: Int { 0 }

    /// Where the entries end.
    public var endIndex: Int { entries.count }

    /// The entry at a position.
    public subscript(position: Int) -> Entry { entries[position] }
}
