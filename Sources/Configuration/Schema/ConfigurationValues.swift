public import JSON

/// The values of a module's configuration, read as the types that its schema declares.
public struct ConfigurationValues: Sendable, Hashable {
    private struct Entry: Hashable {
        var value: JSONValue
        var origin: ConfigurationOrigin
    }

    private var entries: [String: Entry] = [:]
    private let path: String
    private let mappingOrigin: ConfigurationOrigin?

    /// No values.
    /// - Parameters:
    ///   - path: The key path of the mapping that they are read from.
    ///   - origin: Where that mapping is.
    init(path: String, origin: ConfigurationOrigin?) {
        self.path = path
        mappingOrigin = origin
    }

    mutating func set(_ value: JSONValue, for key: String, origin: ConfigurationOrigin) {
        entries[key] = Entry(value: value, origin: origin)
    }

    /// The value of any field; `nil` where there is none and the field has no default.
    public subscript(key: String) -> JSONValue? { entries[key]?.value }

    /// Where the value of a field came from.
    public func origin(of key: String) -> ConfigurationOrigin? { entries[key]?.origin }

    /// The key path of a field from the root of the configuration: `providers[0].config.base_url`.
    public func keyPath(of key: String) -> String { path.appendingKey(key) }

    /// An error about the value of a field, for what a schema cannot say: with the key path, and the place where the value is written (or
    /// the mapping is, where there is no value).
    /// - Parameters:
    ///   - key: The field's key; also `key.inner` for what is inside of a mapping.
    ///   - message: What is wrong. It must not repeat a secret.
    ///   - hint: What to do about it.
    public func issue(for key: String, _ message: String, hint: String? = nil) -> ConfigurationIssue {
        let field = key.prefix { $0 != "." && $0 != "[" }
        let origin = entries[key]?.origin ?? entries[String(field)]?.origin
        // The place in the file shows `${…}`; which variable is to be mended has to be said.
        let source = if case .environment(_, _?)? = origin { "; the value is from the \(origin?.description ?? "")" } else { "" }
        return ConfigurationIssue(
            .error, .invalidValue, message + source, keyPath: keyPath(of: key), origin: origin ?? mappingOrigin, hint: hint)
    }

    /// The value of a field of texts, secrets or choices.
    public func string(_ key: String) -> String? { self[key]?.string }

    /// The value of a field of truth values.
    public func bool(_ key: String) -> Bool? { self[key]?.bool }

    /// The value of a field of whole numbers.
    public func int(_ key: String) -> Int? { self[key]?.int }

    /// The value of a field of numbers; of seconds, for a field of those.
    public func double(_ key: String) -> Double? { self[key]?.double }

    /// The value of a field of seconds; `nil` for a number (of another type of field) that no field of seconds takes.
    public func duration(_ key: String) -> Duration? {
        double(key).flatMap { ConfigurationField.secondsRange.contains($0) ? .seconds($0) : nil }
    }

    /// The value of a field of lists of texts.
    public func strings(_ key: String) -> [String]? { self[key]?.array?.compactMap(\.string) }

    /// The value of a field of mappings.
    public func object(_ key: String) -> JSONObject? { self[key]?.object }
}
