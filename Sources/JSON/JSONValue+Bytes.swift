extension JSONValue {
    /// The value as compact JSON: no spaces, keys in order, on one line.
    ///
    /// What is long, the images of a conversation for example, is copied once.
    public var bytes: [UInt8] {
        let length = lengthWithoutEscapes
        var longer: [UInt8]?
        // An eighth more for line breaks and quotation marks.
        let bytes = [UInt8](unsafeUninitializedCapacity: length + length / 8 + 16) { memory, count in
            var sink = ByteSink(memory: memory)
            sink.put(self, depth: nil)
            if sink.isInOwnMemory { longer = Array(sink.bytes) } else { count = sink.count }
        }
        return longer ?? bytes
    }

    /// How many bytes the value has as compact JSON when none has to be escaped, or a few more.
    package var lengthWithoutEscapes: Int {
        switch self {
        case .null, .bool: return 5
        case .number(let number): return number.greatestLength
        case .string(let string): return string.utf8.count + 2
        case .array(let elements):
            return elements.withLentElements { elements in
                var length = 2
                for index in elements.indices { length += Self.lengthWithoutEscapes(elements[index]) + 1 }
                return length
            }
        case .object(let object): return object.lengthWithoutEscapes
        }
    }

    private static func lengthWithoutEscapes(_ element: borrowing Lent<JSONValue>) -> Int { element.value.lengthWithoutEscapes }
}

extension JSONObject {
    /// The same for an object.
    package var lengthWithoutEscapes: Int {
        entries.withLentElements { entries in
            var length = 2
            for index in entries.indices { length += Self.lengthWithoutEscapes(entries[index]) }
            return length
        }
    }

    private static func lengthWithoutEscapes(_ member: borrowing Lent<Entry>) -> Int {
        member.value.key.utf8.count + 4 + member.value.value.lengthWithoutEscapes
    }
}
