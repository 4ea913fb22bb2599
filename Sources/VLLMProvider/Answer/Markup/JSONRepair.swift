import JSON

/// Reads JSON with the mistakes that models make, and says which they were.
///
/// Only what can be meant in one way is repaired: a comma too many, Python's and JavaScript's spellings, comments, fenced code, a line
/// break in a string, brackets that are missing at the end or too many there. Where a string that is never closed would have ended,
/// nobody can tell.
struct JSONRepair {
    /// Why a text cannot be repaired.
    private struct Unrepairable: Error {}

    /// How deep values may stand in each other.
    private static let depthLimit = 256
    private let text: [UInt8]
    private var position = 0
    private var depth = 0
    private(set) var repairs: [String] = []

    /// The value that is meant, and what was repaired, each kind once; `nil` where that cannot be told.
    static func repaired(_ text: String) -> (value: JSONValue, repairs: [String])? {
        var reader = JSONRepair(text: Array(text.utf8))
        do {
            reader.skipFence()
            let value = try reader.value()
            try reader.end()
            return (value, reader.repairs)
        } catch {
            return nil
        }
    }

    private init(text: [UInt8]) {
        self.text = text
    }

    private mutating func note(_ repair: String) {
        if !repairs.contains(repair) { repairs.append(repair) }
    }

    private var byte: UInt8? { position < text.count ? text[position] : nil }

    private func starts(with word: String) -> Bool { text.dropFirst(position).starts(with: word.utf8) }

    private mutating func skipFence() {
        while byte?.isBlank == true { position += 1 }
        guard starts(with: "```") else { return }
        note("code fence")
        while let byte, !byte.isLineBreak, byte != UInt8(ascii: "{") { position += 1 }
    }

    /// White space and comments.
    private mutating func skipBlanks() throws(Unrepairable) {
        while let byte {
            if byte.isBlank {
                position += 1
            } else if starts(with: "//") || byte == UInt8(ascii: "#") {
                note("comment")
                while let byte = self.byte, !byte.isLineBreak { position += 1 }
            } else if starts(with: "/*") {
                note("comment")
                position += 2
                while !starts(with: "*/") {
                    if self.byte == nil { throw Unrepairable() }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    /// Behind the value only the end of fenced code and surplus brackets may stand.
    private mutating func end() throws(Unrepairable) {
        try skipBlanks()
        while byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
            note("surplus bracket")
            position += 1
            try skipBlanks()
        }
        if starts(with: "```") {
            note("code fence")
            position += 3
            try skipBlanks()
        }
        if byte != nil { throw Unrepairable() }
    }

    private mutating func value() throws(Unrepairable) -> JSONValue {
        try skipBlanks()
        depth += 1
        defer { depth -= 1 }
        guard let byte, depth < Self.depthLimit else { throw Unrepairable() }
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string(byte))
        default: return try scalar()
        }
    }

    private mutating func object() throws(Unrepairable) -> JSONValue {
        var object: JSONObject = [:]
        position += 1
        while try !closes(UInt8(ascii: "}"), isFirst: object.isEmpty) {
            guard let quote = byte else { throw Unrepairable() }
            let key = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") ? try string(quote) : try bareKey()
            try skipBlanks()
            guard byte == UInt8(ascii: ":") else { throw Unrepairable() }
            position += 1
            object[key] = try value()
        }
        return .object(object)
    }

    private mutating func array() throws(Unrepairable) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        while try !closes(UInt8(ascii: "]"), isFirst: elements.isEmpty) { elements.append(try value()) }
        return .array(elements)
    }

    /// Whether an object or an array is over; goes over the comma before its next member.
    private mutating func closes(_ bracket: UInt8, isFirst: Bool) throws(Unrepairable) -> Bool {
        try skipBlanks()
        if !isFirst, byte == UInt8(ascii: ",") {
            position += 1
            try skipBlanks()
            if byte == bracket || byte == nil { note("trailing comma") }
        } else if !isFirst, let byte, byte != bracket, byte != UInt8(ascii: "}"), byte != UInt8(ascii: "]") {
            throw Unrepairable()
        }
        guard let byte, !starts(with: "```") else {
            note("missing bracket")
            return true
        }
        if byte == bracket {
            position += 1
            return true
        }
        guard byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") else { return false }
        // The bracket of what is around this: one's own is missing.
        note("missing bracket")
        return true
    }

    private mutating func string(_ quote: UInt8) throws(Unrepairable) -> String {
        if quote == UInt8(ascii: "'") { note("single quotes") }
        position += 1
        let end = try endOfString(quote)
        var content: [UInt8] = []
        while position < end {
            let byte = text[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\\"):
                guard let escaped = self.byte, position < end else { throw Unrepairable() }
                position += 1
                // Only a string in single quotes may escape these.
                content += escaped == UInt8(ascii: "'") ? [escaped] : [byte, escaped]
            case UInt8(ascii: "\""): content += Array("\\\"".utf8)
            case 0..<0x20:
                note("control character in a string")
                content += Array(JSONValue.string(String(UnicodeScalar(byte))).text.utf8).dropFirst().dropLast()
            default: content.append(byte)
            }
        }
        position = end + 1
        guard case .string(let string)? = try? JSONValue(parsing: [UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")]) else {
            throw Unrepairable()
        }
        return string
    }

    /// Where the string ends that begins here.
    private func endOfString(_ quote: UInt8) throws(Unrepairable) -> Int {
        var end = position
        while end < text.count, text[end] != quote { end += text[end] == UInt8(ascii: "\\") ? 2 : 1 }
        if end >= text.count { throw Unrepairable() }
        return end
    }

    /// What stands up to the next separator.
    private mutating func word() -> String {
        let start = position
        while let byte, !byte.isBlank, !",:{}[]\"'/#".utf8.contains(byte) { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func bareKey() throws(Unrepairable) -> String {
        let key = word()
        if key.isEmpty { throw Unrepairable() }
        note("unquoted key")
        return key
    }

    private mutating func scalar() throws(Unrepairable) -> JSONValue {
        let word = word()
        if let value = try? JSONValue(parsing: word) { return value }
        let value: JSONValue
        switch word {
        case "True": value = true
        case "False": value = false
        case "None": value = .null
        default: throw Unrepairable()
        }
        note("Python literal")
        return value
    }
}
