import JSON

/// Builds a request's JSON: only what is set is written, in the order of the calls.
struct RequestBody {
    private(set) var object = JSONObject()
    /// The first value that JSON cannot say, as `key is nan`.
    private var unsayable: String?

    init() {
        // Most requests set no more: a list that has room costs less than one that grows.
        object.reserveCapacity(8)
    }

    mutating func set(_ key: String, _ value: JSONValue?) {
        if let value { object[key] = value }
    }

    mutating func set(_ key: String, _ value: String?) { set(key, value.map { .string($0) }) }

    mutating func set(_ key: String, _ value: Int?) { set(key, value.map { .integer($0) }) }

    mutating func set(_ key: String, _ value: Bool?) { set(key, value.map { .bool($0) }) }

    mutating func set(_ key: String, _ value: JSONObject?) { set(key, value.map { .object($0) }) }

    mutating func set(_ key: String, _ values: [Int]?) { set(key, values.map { .array($0.map { .integer($0) }) }) }

    mutating func set(_ key: String, _ values: [String]?) { set(key, values.map { .array($0.map { .string($0) }) }) }

    mutating func set(_ key: String, _ values: [JSONObject]?) { set(key, values.map { .array($0.map { .object($0) }) }) }

    mutating func set(_ key: String, _ value: Double?) {
        guard let value else { return }
        if !value.isFinite, unsayable == nil { unsayable = "\(key) is \(value)" }
        set(key, JSONValue.double(value))
    }

    /// Token ids as keys in rising order, so that equal requests are equal bytes.
    mutating func set(_ key: String, _ values: [Int: Double]?) {
        guard let values else { return }
        var members = JSONObject()
        for (id, value) in values.sorted(by: { $0.key < $1.key }) {
            if !value.isFinite, unsayable == nil { unsayable = "\(key)[\(id)] is \(value)" }
            members["\(id)"] = .double(value)
        }
        set(key, members)
    }

    /// The whole body: `extra` is set over what is there, `stream` is the call's own.
    func finished(extra: JSONObject, streaming: Bool) throws(VLLMError) -> JSONObject {
        if let unsayable { throw VLLMError(.invalidRequest, "\(unsayable), which JSON has no number for") }
        var object = object
        object.merge(extra)
        object["stream"] = streaming ? true : nil
        return object
    }
}
