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
            elements.withLentElements { elements in
                for position in elements.indices {
                    separate(&isFirst, depth: inner)
                    put(elements[position], depth: inner)
                }
            }
            if !isFirst { breakLine(depth: depth) }
            put(UInt8(ascii: "]"))
        case .object(let object):
            put(UInt8(ascii: "{"))
            let inner = depth.map { $0 + 1 }
            var isFirst = true
            object.entries.withLentElements { entries in
                for position in entries.indices {
                    separate(&isFirst, depth: inner)
                    put(entries[position], depth: inner)
                }
            }
            if !isFirst { breakLine(depth: depth) }
            put(UInt8(ascii: "}"))
        }
    }

    @inline(__always)
    private mutating func put(_ element: borrowing Lent<JSONValue>, depth: Int?) {
        put(element.value, depth: depth)
    }

    /// Appends a member of an object.
    @inline(__always)
    mutating func put(_ member: borrowing Lent<JSONObject.Entry>, depth: Int?) {
        put(key: member.value.key, member.value.value, depth: depth)
    }

    /// Appends a member of an object.
    mutating func put(key: String, _ value: JSONValue, depth: Int?) {
        put(quoted: key)
        put(UInt8(ascii: ":"))
        if depth != nil { put(UInt8(ascii: " ")) }
        put(value, depth: depth)
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
        let isPut: Void? = string.utf8.withContiguousStorageIfAvailable { put(quoted: $0) }
        if isPut == nil { put(quotedCopyOf: string) }
    }

    /// Appends a string that another language has made. By itself: a function that copies a string counts its references in all cases.
    @inline(never)
    private mutating func put(quotedCopyOf string: String) {
        var string = string
        string.withUTF8 { put(quoted: $0) }
    }

    /// Copies eight bytes at a time and looks at them on the way; the last ones with some that were copied already.
    private mutating func put(quoted utf8: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(utf8)
        let length = raw.count
        // Both marks; what is escaped takes more.
        reserve(length &+ 2)
        put(reserved: UInt8(ascii: "\""))
        if length >= 8 {
            var index = 0
            repeat {
                let place = min(index, length &- 8)
                let eight = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                put(eight, behind: place)
                guard Self.escaped(in: UInt64(littleEndian: eight)) == 0 else {
                    count &+= place
                    return putEscaping(UnsafeRawBufferPointer(rebasing: raw[place...]))
                }
                index &+= 8
            } while index < length
        } else if length >= 4 {
            let first = raw.loadUnaligned(as: UInt32.self)
            let last = raw.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
            guard Self.escaped(in: UInt64(first) | UInt64(last) &<< 32) == 0 else { return putEscaping(raw) }
            put(first, behind: 0)
            put(last, behind: length &- 4)
        } else {
            return putEscaping(raw)
        }
        count &+= length
        put(reserved: UInt8(ascii: "\""))
    }

    /// Appends what is left of a string, and the quotation mark at its end.
    private mutating func putEscaping(_ raw: UnsafeRawBufferPointer) {
        // The last eight may reach beyond the end of the string.
        reserve(raw.count &+ 16)
        var index = 0
        while true {
            index &+= put(eightsOf: raw, from: index) { Self.escaped(in: UInt64(littleEndian: $0)) == 0 }
            guard index < raw.count else { break }
            let rest = raw.count &- index
            let eight = rest >= 8 ? raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) : Self.lastBytes(of: raw, from: index)
            put(eight, behind: 0)
            let found = Self.escaped(in: UInt64(littleEndian: eight))
            let plain = found == 0 ? min(rest, 8) : found.trailingZeroBitCount / 8
            count &+= plain
            index &+= plain
            guard found != 0 else { continue }
            put(escapeOf: raw[index])
            index &+= 1
            reserve(raw.count &- index &+ 16)
        }
        put(reserved: UInt8(ascii: "\""))
    }

    /// The bytes from `index` on, of which there are 1 to 7, as the first of eight in memory; the others are none that must be escaped.
    private static func lastBytes(of raw: UnsafeRawBufferPointer, from index: Int) -> UInt64 {
        let spaces: UInt64 = 0x2020_2020_2020_2020
        let missing = UInt64(8 &- (raw.count &- index)) &* 8
        if raw.count >= 8 {
            let last = raw.loadUnaligned(fromByteOffset: raw.count &- 8, as: UInt64.self)
            return (UInt64(littleEndian: last) &>> missing | spaces &<< (64 &- missing)).littleEndian
        }
        if index == 0, raw.count >= 4 {
            let first = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
            let last = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: raw.count &- 4, as: UInt32.self)))
            return (first | last &<< (32 &- missing) | spaces &<< (64 &- missing)).littleEndian
        }
        return raw[index...].reversed().reduce(spaces) { $0 << 8 | UInt64($1) }.littleEndian
    }

    /// A bit for each of eight bytes that is below 0x20, `"` or `\`, the lowest of which is right: subtracting 1 from a zero byte (or 0x21
    /// from one below) sets its high bit, which is then cleared again where the byte had it set to begin with. What is borrowed for that
    /// from the next byte may set another bit above.
    private static func escaped(in eight: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        // One bit turned over, `"` comes to stand behind the control characters, and the space and `!` leave its place free.
        let low = eight ^ (ones &* 0x02)
        let backslashes = eight ^ (ones &* 0x5C)
        let found = ((low &- (ones &* 0x21)) & ~low) | ((backslashes &- ones) & ~backslashes)
        return found & (ones &* 0x80)
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
