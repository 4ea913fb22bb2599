import Redaction

extension ConfigurationNode {
    /// The same tree with `[REDACTED]` for its secrets: the values of keys in `secretKeys` and of keys and header fields whose names say so,
    /// and inside of texts what is spelled like a credential. Defaults are no secrets: they are in the documentation.
    public func maskingSecrets(keys secretKeys: Set<String> = []) -> ConfigurationNode {
        masking(isSecret: false) { key, parent in
            secretKeys.contains(key) || (SecretKey.holdsHeaders(parent) ? SecretKey.namesHeader(key) : SecretKey.namesSetting(key))
        }
    }

    /// - Parameter names: Whether a key, in the mapping that is the value of another one, names a secret.
    private func masking(
        isSecret: Bool, parent: String = "", where names: (_ key: String, _ parent: String) -> Bool
    ) -> ConfigurationNode {
        var result = self
        switch value {
        case .null: break
        case .scalar(let scalar):
            guard origin != .default else { break }
            let text = isSecret && !scalar.text.isEmpty ? Redactor.mask : Self.redacted(scalar.text, of: parent)
            if text != scalar.text { result.value = .scalar(ConfigurationScalar(text, isPlain: false)) }
        case .sequence(let elements):
            result.value = .sequence(elements.map { $0.masking(isSecret: isSecret, where: names) })
        case .mapping(let mapping):
            result.value = .mapping(
                mapping.mapValues { entry in
                    entry.value.masking(isSecret: isSecret || names(entry.key, parent), parent: entry.key, where: names)
                })
        }
        return result
    }

    /// - Parameter key: The key whose value the text is.
    private static func redacted(_ text: String, of key: String) -> String {
        // As curl takes it, without a scheme by which it would be known.
        key == "proxy" ? Redactor().redact(url: text) : Redactor().redact(text)
    }
}
