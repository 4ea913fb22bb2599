import JSON

/// Attributes in OTLP/JSON: key and value, the value named by its kind; integers are texts.
struct OTLPAttributes {
    private(set) var json: [JSONValue] = []

    mutating func set(_ key: String, _ text: String?) {
        if let text { add(key, Self.value(text)) }
    }

    mutating func set(_ key: String, _ number: Int?) {
        if let number { add(key, ["intValue": .string(String(number))]) }
    }

    mutating func set(_ key: String, _ number: Double?) {
        if let number, number.isFinite { add(key, ["doubleValue": .double(number)]) }
    }

    mutating func set(_ key: String, _ flag: Bool?) {
        if let flag { add(key, ["boolValue": .bool(flag)]) }
    }

    mutating func set(_ key: String, _ texts: [String]?) {
        if let texts { add(key, ["arrayValue": ["values": .array(texts.map { .object(Self.value($0)) })]]) }
    }

    private mutating func add(_ key: String, _ value: JSONObject) {
        json.append(["key": .string(key), "value": .object(value)])
    }

    private static func value(_ text: String) -> JSONObject { ["stringValue": .string(text)] }
}
