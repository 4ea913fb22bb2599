extension ConfigurationSchema {
    /// Reads a configuration: each field from the node, else from its environment variable, else from its default.
    ///
    /// A value that its field does not take is an issue, and the field gets the next source's value, so that all problems are found at
    /// once. Whoever uses the values first looks whether there are errors.
    /// - Parameters:
    ///   - node: The configuration; `nil` and null are an empty one.
    ///   - environment: The environment for fields that name a variable.
    ///   - path: The key path of `node` for messages: `providers[0].config`.
    public func resolve(
        _ node: ConfigurationNode?, environment: [String: String] = [:], path: String = "config"
    ) -> (values: ConfigurationValues, issues: [ConfigurationIssue]) {
        var values = ConfigurationValues(path: path, origin: node?.origin)
        var issues: [ConfigurationIssue] = []
        if let node, !node.isNull, node.mapping == nil {
            issues.append(
                ConfigurationIssue(
                    .error, .invalidValue, "expected a mapping, found \(node.found)", keyPath: path, origin: node.origin,
                    hint: "write `key: value` lines below it"))
        }
        for field in fields {
            let keyPath = path.appendingKey(field.key)
            if let rival = rival(of: field, in: node) {
                issues += conflict(field, rival, keyPath: keyPath, in: node)
                continue
            }
            let source = source(of: field, in: node, environment: environment)
            if let source {
                if let value = field.read(source) {
                    values.set(value, for: field.key, origin: source.origin)
                    continue
                }
                issues.append(
                    ConfigurationIssue(
                        .error, .invalidValue, "expected \(field.expectation), found \(source.found)\(Self.source(source.origin))",
                        keyPath: keyPath,
                        origin: source.origin, hint: field.hint(for: source)))
            }
            if let value = field.default {
                values.set(value, for: field.key, origin: .default)
            } else if source == nil, let message = field.requiredMessage, !hasAlternative(to: field, in: node, environment: environment) {
                issues.append(missing(field, message, keyPath: keyPath, in: node))
            }
        }
        return (values, issues + unknownKeys(of: node, path: path))
    }

    /// The configuration with everything that counts: what is given, what environment variables add, and the defaults, each with its
    /// origin. Unknown keys stay.
    public func effective(_ node: ConfigurationNode?, environment: [String: String] = [:]) -> ConfigurationNode {
        var result = ConfigurationMapping()
        for field in fields where node?[field.key]?.isUnset == false || rival(of: field, in: node) == nil {
            let value =
                source(of: field, in: node, environment: environment)
                ?? field.default.map { ConfigurationNode(json: $0, origin: .default) }
            guard let value else { continue }
            result.set(value, for: field.key, keyOrigin: node?.mapping?.entry(field.key)?.keyOrigin ?? value.origin)
        }
        for entry in node?.mapping ?? ConfigurationMapping() where self[entry.key] == nil {
            result.set(entry.value, for: entry.key, keyOrigin: entry.keyOrigin)
        }
        return ConfigurationNode(.mapping(result), origin: node?.origin ?? .default)
    }

    /// The key that is set and says the same as this field in another way, the first of several.
    private func rival(of field: ConfigurationField, in node: ConfigurationNode?) -> String? {
        field.rivals.first { node?[$0]?.isUnset == false }
    }

    /// What is wrong where a field is set and a rival, too: told once, of the one that stands first in the schema.
    private func conflict(
        _ field: ConfigurationField, _ rival: String, keyPath: String, in node: ConfigurationNode?
    ) -> [ConfigurationIssue] {
        guard let given = node?[field.key], !given.isUnset else { return [] }
        let isFirst = fields.first { $0.key == field.key || $0.key == rival }?.key == field.key
        guard isFirst else { return [] }
        let place = node?[rival]?.origin.place ?? ""
        return [
            ConfigurationIssue(
                .error, .duplicate, "`\(rival)` is set, too (\(place)), and at most one of them may be", keyPath: keyPath,
                origin: given.origin,
                hint: "remove one, or set it to null")
        ]
    }

    private func source(
        of field: ConfigurationField, in node: ConfigurationNode?, environment: [String: String]
    ) -> ConfigurationNode? {
        if let given = node?[field.key], !given.isUnset { return given }
        guard let variable = field.environmentVariable, let text = environment[variable], !text.isEmpty else { return nil }
        return ConfigurationNode(
            .scalar(ConfigurationScalar(text, isPlain: true)), origin: .environment(variables: [variable], at: nil))
    }

    private func hasAlternative(to field: ConfigurationField, in node: ConfigurationNode?, environment: [String: String]) -> Bool {
        guard let alternative = field.alternative.flatMap({ self[$0] }) else { return false }
        return source(of: alternative, in: node, environment: environment) != nil
    }

    /// From which variable a value comes, where a message points to the place in a file that names it.
    private static func source(_ origin: ConfigurationOrigin) -> String {
        if case .environment(_, _?) = origin { " from the \(origin)" } else { "" }
    }

    private func missing(
        _ field: ConfigurationField, _ message: String, keyPath: String, in node: ConfigurationNode?
    ) -> ConfigurationIssue {
        let variable = field.environmentVariable.map { ", or the environment variable \($0)" } ?? ""
        return ConfigurationIssue(
            .error, .missing, message, keyPath: keyPath, origin: node?[field.key]?.origin ?? node?.origin,
            hint: "set `\(field.key)`\(variable)")
    }

    private func unknownKeys(of node: ConfigurationNode?, path: String) -> [ConfigurationIssue] {
        guard !allowsOtherKeys else { return [] }
        let known = fields.map(\.key)
        return (node?.mapping ?? ConfigurationMapping()).filter { self[$0.key] == nil }.map { entry in
            ConfigurationIssue(
                .warning, .unknownKey, "unknown key", keyPath: path.appendingKey(entry.key), origin: entry.keyOrigin,
                hint: Suggestion.hint(for: entry.key, among: known))
        }
    }
}
