import JSON

/// Reading fields of answers: a field that is missing or null is `nil`, a field of another type is an error.
extension JSONView {
    func string(_ key: StaticString) throws(MalformedField) -> String? {
        try scalar(key, "a string") { $0.string }
    }

    func int(_ key: StaticString) throws(MalformedField) -> Int? {
        try scalar(key, "an integer") { $0.int }
    }

    func double(_ key: StaticString) throws(MalformedField) -> Double? {
        try scalar(key, "a number") { $0.double }
    }

    /// The most choices of an answer, and the most calls in one message.
    static let choiceLimit = 1 << 16

    /// The list at `key`, each element read by `read`.
    /// - Parameter most: how many elements it may have. An element takes many times the memory of its JSON, which may be `{}`, so that the
    ///   limits in bytes do not suffice. More tokens than this no model generates.
    func list<Element>(
        _ key: StaticString, atMost most: Int = 1 << 20, _ read: (JSONView) throws(MalformedField) -> Element
    ) throws(MalformedField) -> [Element]? {
        guard let node = self[key], !node.isNull else { return nil }
        guard node.kind == "array" else { throw MalformedField("\(key)", expected: "an array", found: node.kind) }
        guard node.count <= most else {
            throw MalformedField("\(key)", expected: "at most \(most) elements", found: "array of \(node.count)")
        }
        var list: [Element] = []
        list.reserveCapacity(node.count)
        for element in node.elements {
            do { list.append(try read(element)) } catch { throw error.inside("\(key)[\(list.count)]") }
        }
        return list
    }

    /// The list of objects at `key`, each read by `read`; `atMost` as in `list`.
    func objects<Element>(
        _ key: StaticString, atMost most: Int = 1 << 20, _ read: (JSONView) throws(MalformedField) -> Element
    ) throws(MalformedField) -> [Element]? {
        try list(key, atMost: most) { node throws(MalformedField) in
            guard node.kind == "object" else { throw MalformedField("", expected: "an object", found: node.kind) }
            return try read(node)
        }
    }

    /// The object at `key`, read by `read`.
    func member<Value>(_ key: StaticString, _ read: (JSONView) throws(MalformedField) -> Value) throws(MalformedField) -> Value? {
        guard let node = self[key], !node.isNull else { return nil }
        guard node.kind == "object" else { throw MalformedField("\(key)", expected: "an object", found: node.kind) }
        do { return try read(node) } catch { throw error.inside("\(key)") }
    }

    func ints(_ key: StaticString) throws(MalformedField) -> [Int]? {
        // Of the ids of a long prompt there may be more than of anything else, and they are small.
        try list(key, atMost: 1 << 24) { node throws(MalformedField) in
            guard let value = node.int else { throw MalformedField("", expected: "an integer", found: node.kind) }
            return value
        }
    }

    func strings(_ key: StaticString) throws(MalformedField) -> [String]? {
        try list(key) { node throws(MalformedField) in
            guard let value = node.string else { throw MalformedField("", expected: "a string", found: node.kind) }
            return value
        }
    }

    /// The text of a message or a delta: a string, or as some servers send it, a list of parts of text.
    func content() throws(MalformedField) -> String? {
        guard self["content"]?.kind == "array" else { return try string("content") }
        let parts = try list("content") { part throws(MalformedField) in
            guard part.kind == "object" else { throw MalformedField("", expected: "an object", found: part.kind) }
            guard let text = try part.string("text") else { throw MalformedField(missing: "text") }
            return text
        }
        return parts?.joined()
    }

    /// The arguments of a call: JSON text, or as some servers send it, the object itself.
    func arguments() throws(MalformedField) -> String? {
        guard let node = self["arguments"], node.kind == "object" else { return try string("arguments") }
        return node.value.text
    }

    /// The thinking of a message or a delta: `reasoning`, which vLLM up to 0.15 called `reasoning_content` (0.11.1 to 0.15 send both, equal).
    func reasoning() throws(MalformedField) -> String? {
        let reasoning = try string("reasoning")
        if let reasoning, !reasoning.isEmpty { return reasoning }
        return try string("reasoning_content") ?? reasoning
    }

    /// This value as a number; `nil` where it is null.
    func optionalDouble() throws(MalformedField) -> Double? {
        guard !isNull else { return nil }
        guard let value = double else { throw MalformedField("", expected: "a number or null", found: kind) }
        return value
    }

    /// The value at `key` as it is; `nil` where it is null.
    func any(_ key: StaticString) -> JSONValue? {
        guard let node = self[key], !node.isNull else { return nil }
        return node.value
    }

    private func scalar<Value>(
        _ key: StaticString, _ expected: String, _ read: (JSONView) -> Value?
    ) throws(MalformedField) -> Value? {
        guard let node = self[key], !node.isNull else { return nil }
        guard let value = read(node) else { throw MalformedField("\(key)", expected: expected, found: node.kind) }
        return value
    }
}
