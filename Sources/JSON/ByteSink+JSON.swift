extension ByteSink {
    /// Appends a value, over several lines where `depth` says how deeply it is indented.
    mutating func put(_ value: JSONValue, depth: Int?) {
        switch value {
        case .null: put("null" as StaticString)
        case .bool(let value): put(value ? "true" : "false" as StaticString)
        case .number(let number): number.write(to: &self)
        case .string(let string): put(quoted: string)
        case .array(let elements):
            put(UInt8(ascii: "["))
            let inner = depth.map { $0 + 1 }
            var isFirst = true
            for element in elements {
                separate(&isFirst, depth: inner)
                put(element, depth: inner)
            }
            if !isFirst { breakLine(depth: depth) }
            put(UInt8(ascii: "]"))
        case .object(let object):
            put(UInt8(ascii: "{"))
            let inner = depth.map { $0 + 1 }
            var isFirst = true
            for entry in object.entries {
                separate(&isFirst, depth: inner)
                put(quoted: entry.key)
                put(UInt8(ascii: ":"))
                if depth != nil { put(UInt8(ascii: " ")) }
                put(entry.value, depth: inner)
            }
            if !isFirst { breakLine(depth: depth) }
            put(UInt8(ascii: "}"))
        }
    }

    private mutating func separate(_ isFirst: inout Bool, depth: Int?) {
        if !isFirst { put(UInt8(ascii: ",")) }
        isFirst = false
        breakLine(depth: depth)
    }

    private mutating func breakLine(depth: Int?) {
        guard let depth else { return }
        put(UInt8(ascii: "\n"))
        put(UInt8(ascii: " "), times: depth * 2)
    }

    /// Appends a string with its quotation marks: `"`, `\` and control characters are escaped, everything else stays as it is.
    mutating func put(quoted string: String) {
        var string = string
        string.withUTF8 { utf8 in
            reserve(utf8.count + 2)
            put(UInt8(ascii: "\""))
            var start = 0
            while true {
                let end = Self.firstEscaped(in: utf8, from: start)
                put(UnsafeBufferPointer(rebasing: utf8[start..<end]))
                guard end < utf8.count else { break }
                put(escapeOf: utf8[end])
                start = end + 1
            }
            put(UInt8(ascii: "\""))
        }
    }

    /// The index of the first byte that must be escaped, or the end. Looks at eight bytes at a time.
    private static func firstEscaped(in utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(utf8)
        var index = start
        while index + 8 <= utf8.count, !hasEscaped(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) { index += 8 }
        while index < utf8.count, !isEscaped(utf8[index]) { index += 1 }
        return index
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Whether one of eight bytes is below 0x20, `"` or `\`: subtracting 1 from a zero byte (or 0x20 from one below) sets its high
    /// bit, which is then cleared again where the byte had it set to begin with.
    private static func hasEscaped(_ eight: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = eight ^ (ones &* 0x22)
        let backslashes = eight ^ (ones &* 0x5C)
        let found = ((eight &- (ones &* 0x20)) & ~eight) | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
        return found & (ones &* 0x80) != 0
    }

    private mutating func put(escapeOf byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): put(#"\""# as StaticString)
        case UInt8(ascii: "\\"): put(#"\\"# as StaticString)
        case UInt8(ascii: "\n"): put(#"\n"# as StaticString)
        case UInt8(ascii: "\r"): put(#"\r"# as StaticString)
        case UInt8(ascii: "\t"): put(#"\t"# as StaticString)
        case 0x08: put(#"\b"# as StaticString)
        case 0x0C: put(#"\f"# as StaticString)
        default:
            put(#"\u00"# as StaticString)
            put(Self.hexDigit(byte >> 4))
            put(Self.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
