import JSON

extension SessionEvent {
    /// About how many bytes of memory it holds.
    var memory: Int { 256 + name.utf8.count + payload.memory }
}

extension JSONObject {
    fileprivate var memory: Int { reduce(64) { $0 + 48 + $1.key.utf8.count + $1.value.memory } }
}

extension JSONValue {
    fileprivate var memory: Int {
        switch self {
        case .null, .bool, .number: 24
        case .string(let text): 40 + text.utf8.count
        case .array(let elements): elements.reduce(64) { $0 + $1.memory }
        case .object(let members): 24 + members.memory
        }
    }
}
