internal import JSON

/// The keywords of one schema, read with their types checked.
struct SchemaKeywords {
    let members: JSONObject
    let pointer: SchemaPointer

    func error(_ keyword: String, _ expected: String) -> JSONSchemaError {
        let found = members[keyword]?.shown ?? "nothing"
        return JSONSchemaError(pointer: "\(pointer.appending(keyword))", message: "expected \(expected), found \(found)")
    }

    /// A value that `read` takes out of a keyword; `nil` where the keyword is missing.
    private func value<Value>(
        _ keyword: String, _ expected: String, _ read: (JSONValue) -> Value?
    ) throws(JSONSchemaError) -> Value? {
        guard let value = members[keyword] else { return nil }
        guard let read = read(value) else { throw error(keyword, expected) }
        return read
    }

    func string(_ keyword: String) throws(JSONSchemaError) -> String? {
        try value(keyword, "a string") { $0.string }
    }

    func bool(_ keyword: String) throws(JSONSchemaError) -> Bool? {
        try value(keyword, "true or false") { $0.bool }
    }

    func number(_ keyword: String) throws(JSONSchemaError) -> JSONNumber? {
        try value(keyword, "a number") { $0.number }
    }

    func object(_ keyword: String) throws(JSONSchemaError) -> JSONObject? {
        try value(keyword, "an object") { $0.object }
    }

    func array(_ keyword: String) throws(JSONSchemaError) -> [JSONValue]? {
        try value(keyword, "an array") { $0.array }
    }

    func strings(_ keyword: String) throws(JSONSchemaError) -> [String]? {
        try value(keyword, "an array of strings") { value in
            guard let elements = value.array else { return nil }
            let strings = elements.compactMap(\.string)
            return strings.count == elements.count ? strings : nil
        }
    }

    /// The limits of a count that two keywords set; `nil` where neither is there.
    func limits(_ minimum: String, _ maximum: String) throws(JSONSchemaError) -> CountLimits? {
        let (least, most) = (try count(minimum), try count(maximum))
        return least == nil && most == nil ? nil : CountLimits(minimum: least ?? 0, maximum: most)
    }

    private func count(_ keyword: String) throws(JSONSchemaError) -> Int? {
        try value(keyword, "a whole number that is not negative") { value in
            guard let number = value.number else { return nil }
            let exact = ExactDecimal(number)
            guard exact.isInteger, exact.isPositive || exact.isZero else { return nil }
            // What is beyond an Int is beyond every count.
            return number.int ?? .max
        }
    }
}

extension JSONValue {
    /// What the value is, for messages: its kind with its article, and the value where it is short and plain.
    var shown: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return "\(value)"
        case .number(let value): return "the number \(cut(value.literal))"
        case .string: return "the string \(cut(text))"
        case .array, .object: return "an \(kind)"
        }
    }

    /// The text of the value, cut where it is long.
    var excerpt: String { cut(text) }

    private func cut(_ text: String) -> String {
        text.count > 60 ? text.prefix(57) + "…" : text
    }
}
