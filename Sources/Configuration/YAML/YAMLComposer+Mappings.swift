extension YAMLComposer {
    /// Reads the keys and values after the event with which a mapping begins.
    mutating func mapping(at location: SourceLocation, depth: Int, path: String) throws(ConfigurationError) -> Composed {
        var result = Composed(node: ConfigurationNode(.null, origin: .file(location)))
        var entries = ConfigurationMapping()
        var merge: (source: ConfigurationNode, location: SourceLocation)?
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { break }
            let (key, isMerge) = try key(event, depth: depth + 1, path: path)
            let value = try node(events.next(), depth: depth + 1, path: path.appendingKey(key ?? "?"))
            result.add(value)
            guard let key else { continue }
            if let first = isMerge ? merge?.location : entries.entry(key)?.keyOrigin.location {
                try add(
                    .duplicate, "the key is there twice; the first is in line \(first.line), column \(first.column)",
                    path: path.appendingKey(key), at: event.location, hint: "remove one of them")
            } else if isMerge {
                merge = (value.node, event.location)
            } else {
                entries.set(value.node, for: key, keyOrigin: .file(event.location))
            }
        }
        if let merge { try self.merge(merge.source, into: &entries, path: path, at: merge.location) }
        result.node.value = .mapping(entries)
        return result
    }

    /// Reads a key. Lists and mappings as keys, which YAML allows, are read over and refused.
    private mutating func key(
        _ event: YAMLEvent, depth: Int, path: String
    ) throws(ConfigurationError) -> (key: String?, isMerge: Bool) {
        let composed = try node(event, depth: depth, path: path)
        let isMerge = composed.node.scalar.map { $0.isPlain && $0.text == "<<" } ?? false
        switch composed.node.value {
        case .scalar(let scalar) where !scalar.text.isEmpty: return (scalar.text, isMerge)
        case .null:
            if case .scalar(let text, _, _) = event.kind, !text.isEmpty { return (text, false) }
            try add(.syntax, "a key is missing before the ':'", path: path, at: event.location)
        case .scalar: try add(.syntax, "a key must not be empty", path: path, at: event.location)
        case .sequence, .mapping:
            try add(
                .syntax, "a key must be a single value, not \(composed.node.found)", path: path, at: event.location,
                hint: "put quotation marks around a value with { or [")
        }
        return (nil, false)
    }

    /// `<<`: the keys of other mappings, where the mapping does not have them itself. Of several mappings the first that has a key counts.
    private mutating func merge(
        _ source: ConfigurationNode, into entries: inout ConfigurationMapping, path: String, at location: SourceLocation
    ) throws(ConfigurationError) {
        for node in source.sequence ?? [source] {
            guard let mapping = node.mapping else {
                try add(
                    .syntax, "expected a mapping or a list of mappings to merge, found \(node.found)", path: path.appendingKey("<<"),
                    at: location, hint: "write `<<: *name` with the anchor of a mapping")
                continue
            }
            for entry in mapping where entries.entry(entry.key) == nil {
                entries.set(entry.value, for: entry.key, keyOrigin: entry.keyOrigin)
            }
        }
    }
}
