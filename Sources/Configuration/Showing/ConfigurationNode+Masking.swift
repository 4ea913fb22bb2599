extension ConfigurationNode {
    /// The same tree with secrets masked: the values of keys in `secretKeys`, of keys whose name says so, passwords in URLs and bearer
    /// tokens. Defaults are no secrets: they are in the documentation.
    public func maskingSecrets(keys secretKeys: Set<String> = []) -> ConfigurationNode {
        masking(secretKeys, isSecret: false)
    }

    private func masking(_ secretKeys: Set<String>, isSecret: Bool) -> ConfigurationNode {
        var result = self
        switch value {
        case .null: break
        case .scalar(let scalar):
            guard origin != .default else { break }
            let text = isSecret && !scalar.text.isEmpty ? SecretValue.mask : SecretValue.masking(scalar.text)
            if text != scalar.text { result.value = .scalar(ConfigurationScalar(text, isPlain: false)) }
        case .sequence(let elements):
            result.value = .sequence(elements.map { $0.masking(secretKeys, isSecret: isSecret) })
        case .mapping(let mapping):
            result.value = .mapping(
                mapping.mapValues { entry in
                    entry.value.masking(
                        secretKeys, isSecret: isSecret || secretKeys.contains(entry.key) || SecretValue.isNamed(by: entry.key))
                })
        }
        return result
    }
}
