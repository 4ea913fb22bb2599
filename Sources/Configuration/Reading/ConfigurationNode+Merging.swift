extension ConfigurationNode {
    /// This configuration with a later one laid over it, which wins: mappings are merged key by key, the module lists of the root
    /// (`providers`, `tools`, `hooks`) item by item (by `instance_id`, else by `module`; new modules are appended), and everything else is
    /// replaced. Each value keeps its own origin.
    ///
    /// A null that was written replaces what was there; one that comes from an environment variable which is not set does not.
    public func merging(_ overlay: ConfigurationNode) -> ConfigurationNode { merging(overlay, isRoot: true) }

    /// As `merging`, for a part of a configuration: module lists are at the root only.
    func mergingPart(_ overlay: ConfigurationNode) -> ConfigurationNode { merging(overlay, isRoot: false) }

    private func merging(_ overlay: ConfigurationNode, isRoot: Bool) -> ConfigurationNode {
        guard let base = mapping, let over = overlay.mapping else { return overlay.isAbsent ? self : overlay }
        var result = base
        for entry in over {
            let old = base[entry.key]
            let merged: ConfigurationNode
            if isRoot, ModuleSpec.listKeys.contains(entry.key), let old = old?.sequence, let new = entry.value.sequence {
                merged = ConfigurationNode(.sequence(Self.mergeModules(old, new)), origin: entry.value.origin)
            } else {
                merged = old?.mergingPart(entry.value) ?? entry.value
            }
            result.set(merged, for: entry.key, keyOrigin: entry.keyOrigin)
        }
        return ConfigurationNode(.mapping(result), origin: overlay.origin)
    }

    private var isAbsent: Bool {
        if case .environment = origin { isNull } else { false }
    }

    /// Every item of `base` is merged with one item of `overlay` at most, so that a module that is listed twice in one file stays twice
    /// and is reported.
    private static func mergeModules(_ base: [ConfigurationNode], _ overlay: [ConfigurationNode]) -> [ConfigurationNode] {
        var result = base
        var free: [String: [Int]] = [:]
        for (index, item) in base.enumerated().reversed() {
            if let identity = item.moduleIdentity { free[identity, default: []].append(index) }
        }
        for item in overlay {
            if let identity = item.moduleIdentity, let index = free[identity]?.popLast() {
                result[index] = result[index].mergingPart(item)
            } else {
                result.append(item)
            }
        }
        return result
    }

    private var moduleIdentity: String? {
        for key in ["instance_id", "id", "module"] {
            if let text = self[key]?.string, !text.isEmpty { return text }
        }
        return nil
    }
}
