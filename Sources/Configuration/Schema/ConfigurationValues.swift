public import JSON

/// The values of a module's configuration, read as the types that its schema declares.
public struct ConfigurationValues: Sendable, Hashable {
    private struct Entry: Hashable {
        var value: JSONValue
        var origin: ConfigurationOrigin
    }

    private var entries: [String: Entry] = [:]

    /// No values.
    init() {}

    mutating func set(_ value: JSONValue, for key: String, origin: ConfigurationOrigin) {
        entries[key] = Entry(value: value, origin: origin)
    }

    /// The value of any field; `nil` where there is none and the field has no default.
    public subscript(key: String) -> JSONValue? { entries[key]?.value }

    /// Where the value of a field came from.
    public func origin(of key: String) -> ConfigurationOrigin? { entries[key]?.origin }

    /// The value of a field of texts, secrets or choices.
    public func string(_ key: String) -> String? { self[key]?.string }

    /// The value of a field of truth values.
    public func bool(_ key: String) -> Bool? { self[key]?.bool }

    /// The value of a field of whole numbers.
    public func int(_ key: String) -> Int? { self[key]?.int }

    /// The value of a field of numbers; of seconds, for a field of those.
    public func double(_ key: String) -> Double? { self[key]?.double }

    /// The value of a field of seconds.
    public func duration(_ key: String) -> Duration? { double(key).map { .seconds($0) } }

    /// The value of a field of lists of texts.
    public func strings(_ key: String) -> [String]? { self[key]?.array?.compactMap(\.string) }

    /// The value of a field of mappings.
    public func object(_ key: String) -> JSONObject? { self[key]?.object }
}
