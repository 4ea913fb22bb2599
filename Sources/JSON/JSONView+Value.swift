internal import CSimdjson

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

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
        case CSIMDJSON_OBJECT: return .object(object(of: node))
        default: return .null
        }
    }

    private func object(of node: csimdjson_node) -> JSONObject {
        var object = JSONObject()
        object.reserveCapacity(Int(node.length))
        if hasFewDistinctKeys(node) {
            for (key, view) in members { object.append(newKey: key, view.value) }
        } else {
            for (key, view) in members { object[key] = view.value }
        }
        return object
    }

    /// Whether all keys of an object are known to differ: found out by comparing each with those before it, so in small objects only.
    private func hasFewDistinctKeys(_ object: csimdjson_node) -> Bool {
        guard object.length <= JSONObject.indexedCount else { return false }
        let nodes = nodes
        var key = index + 1
        for number in 0..<object.length {
            var earlier = index + 1
            for _ in 0..<number {
                if haveEqualText(nodes[Int(earlier)], nodes[Int(key)]) { return false }
                earlier = nodes[Int(earlier) + 1].next
            }
            key = nodes[Int(key) + 1].next
        }
        return true
    }

    private func haveEqualText(_ left: csimdjson_node, _ right: csimdjson_node) -> Bool {
        let bytes = document.pointee.bytes
        return left.length == right.length && memcmp(bytes + Int(left.offset), bytes + Int(right.offset), Int(left.length)) == 0
    }
}
