import Redaction

/// A value given on the command line: `--set extra_body.top_k=20`.
public struct ConfigurationOverride: Sendable, Hashable {
    /// The keys from the root of what is overridden to the value.
    public var keys: [String]
    /// The value.
    public var value: ConfigurationNode

    /// A value for a key, or for a key in a mapping in a mapping.
    /// - Parameter option: The option that it was given with, for messages and `config show`.
    public init(keys: [String], value: ConfigurationNode.Value, option: String) {
        self.keys = keys
        self.value = ConfigurationNode(value, origin: .commandLine(option: option))
    }

    /// A text for a key, as options such as `--base-url` give it.
    public init(key: String, text: String, option: String) {
        self.init(keys: [key], value: .scalar(ConfigurationScalar(text, isPlain: false)), option: option)
    }

    /// Reads `key=value`: the key may be dotted, the value is YAML (`stop=[a, b]`); `key=` takes the value away.
    /// - Throws: `ConfigurationError` when there is no `=` or no key, or the value is not YAML.
    public init(parsing argument: String, option: String = "--set") throws(ConfigurationError) {
        let origin = ConfigurationOrigin.commandLine(option: option)
        guard let equals = argument.firstIndex(of: "=") else {
            throw Self.problem("there is no '=' in \(Redactor().redact(argument).quotedForMessage)", origin, "write key=value")
        }
        let path = String(argument[..<equals])
        let keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw Self.problem("\(path.quotedForMessage) is not a key", origin, "write key=value, or key.key=value")
        }
        do {
            let node = try ConfigurationReader().node(parsing: argument[equals...].dropFirst().utf8, file: option)
            self.init(keys: keys, value: node.settingOrigin(origin).value, option: option)
        } catch {
            // Line and column of a value on the command line help nobody.
            throw ConfigurationError(
                error.issues.map { issue in
                    var issue = issue
                    issue.origin = origin
                    issue.keyPath = issue.keyPath.isEmpty ? path : "\(path).\(issue.keyPath)"
                    return issue
                })
        }
    }

    private static func problem(_ message: String, _ origin: ConfigurationOrigin, _ hint: String) -> ConfigurationError {
        ConfigurationError([ConfigurationIssue(.error, .syntax, message, origin: origin, hint: hint)])
    }
}

extension ConfigurationSchema {
    /// The overrides with those of the same sense taken away from what they go over: `--set api_key_file=…` counts, whichever way a file
    /// or the environment gives the key.
    public func withoutRivals(_ overrides: [ConfigurationOverride]) -> [ConfigurationOverride] {
        overrides.flatMap { override in
            let rivals = override.keys.first.flatMap { self[$0]?.rivals } ?? []
            return rivals.map { ConfigurationOverride(keys: [$0], null: override.value.origin) } + [override]
        }
    }
}

extension ConfigurationOverride {
    fileprivate init(keys: [String], null origin: ConfigurationOrigin) {
        self.keys = keys
        value = ConfigurationNode(.null, origin: origin)
    }
}

extension ConfigurationNode {
    /// This mapping with a value set. Mappings on the way to it are made where they are missing, and take the place of other values.
    public func applying(_ override: ConfigurationOverride) -> ConfigurationNode {
        setting(override.value, at: override.keys[...])
    }

    private func setting(_ new: ConfigurationNode, at keys: ArraySlice<String>) -> ConfigurationNode {
        guard let key = keys.first else { return new }
        var result = mapping ?? ConfigurationMapping()
        let old = result.entry(key)
        let child = old?.value ?? ConfigurationNode(.null, origin: new.origin)
        result.set(child.setting(new, at: keys.dropFirst()), for: key, keyOrigin: old?.keyOrigin ?? new.origin)
        return ConfigurationNode(.mapping(result), origin: mapping == nil ? new.origin : origin)
    }

    /// The same values, all with another origin.
    func settingOrigin(_ origin: ConfigurationOrigin) -> ConfigurationNode {
        switch value {
        case .null, .scalar: return ConfigurationNode(value, origin: origin)
        case .sequence(let elements): return ConfigurationNode(.sequence(elements.map { $0.settingOrigin(origin) }), origin: origin)
        case .mapping(let mapping):
            var result = ConfigurationMapping()
            for entry in mapping { result.set(entry.value.settingOrigin(origin), for: entry.key, keyOrigin: origin) }
            return ConfigurationNode(.mapping(result), origin: origin)
        }
    }
}
