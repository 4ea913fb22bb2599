internal import CSimdjson

extension JSONView {
    /// The value with everything in it, to keep.
    public var value: JSONValue {
        let node = node
        switch Int(node.kind) {
        case CSIMDJSON_FALSE: return .bool(false)
        case CSIMDJSON_TRUE: return .bool(true)
        case CSIMDJSON_NUMBER: return .number(JSONNumber(validated: bytes(of: node)))
        case CSIMDJSON_STRING: return .string(text(of: node))
        case CSIMDJSON_ARRAY:
            var values: [JSONValue] = []
            values.reserveCapacity(Int(node.length))
            for element in elements { values.append(element.value) }
            return .array(values)
        case CSIMDJSON_OBJECT:
            var object = JSONObject()
            object.reserveCapacity(Int(node.length))
            for (key, view) in members { object[key] = view.value }
            return .object(object)
        default: return .null
        }
    }
}
