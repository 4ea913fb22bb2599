internal import CSimdjson

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension JSONView {
    /// The members of an object that are neither null nor named among `known`, to keep; none for other values.
    ///
    /// Of what is known nothing is built: an answer of a server has many members that are known, or null, and few others.
    public func others(than known: [StaticString]) -> JSONObject {
        var others = JSONObject()
        let object = node
        guard Int(object.kind) == CSIMDJSON_OBJECT else { return others }
        let (nodes, bytes) = (nodes, document.pointee.bytes)
        var next = index + 1
        for _ in 0..<object.length {
            let (key, value) = (nodes[Int(next)], nodes[Int(next) + 1])
            if Int(value.kind) != CSIMDJSON_NULL {
                let (start, count) = (bytes + Int(key.offset), Int(key.length))
                let isKnown = known.contains { $0.utf8CodeUnitCount == count && memcmp($0.utf8Start, start, count) == 0 }
                if !isKnown { others[text(of: key)] = view(at: next + 1).value }
            }
            next = value.next
        }
        return others
    }
}
