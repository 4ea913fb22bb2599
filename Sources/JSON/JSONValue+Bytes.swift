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
    private var lengthWithoutEscapes: Int {
        switch self {
        case .null, .bool: 5
        case .number(let number): number.greatestLength
        case .string(let string): string.utf8.count + 2
        case .array(let elements): elements.reduce(2) { $0 + $1.lengthWithoutEscapes + 1 }
        case .object(let object): object.entries.reduce(2) { $0 + $1.key.utf8.count + 4 + $1.value.lengthWithoutEscapes }
        }
    }
}
