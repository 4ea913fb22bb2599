public import JSON

extension ConfigurationSchema {
    /// A configuration as JSON, with the types that the fields have: a plain `007` is text where text is asked for. What a field does not
    /// take, and keys that the schema does not know, stay as they are written; defaults are left out.
    public func json(of node: ConfigurationNode) -> JSONObject {
        JSONObject(
            (node.mapping ?? ConfigurationMapping()).map { entry in
                let value = entry.value.isUnset ? nil : self[entry.key]?.read(entry.value)
                return (entry.key, value ?? entry.value.json)
            })
    }
}
