import JSON

/// One tool call in Hermes markup as it streams: first its name, once it is whole, then its arguments piece by piece.
struct HermesCall {
    private let index: Int
    private var text: [UInt8] = []
    private var isNamed = false
    private var given = 0

    /// The call with this index in its message.
    init(index: Int) {
        self.index = index
    }

    /// The deltas that more of the markup gives.
    mutating func add(_ more: String) -> [JSONValue] {
        text += more.utf8
        var deltas: [JSONValue] = []
        if !isNamed, let name = Self.name(in: text) {
            isNamed = true
            deltas.append([
                "id": .string(WireID.make("chatcmpl-tool-")), "type": "function", "index": .integer(index),
                "function": ["name": .string(name)],
            ])
        }
        guard isNamed, let arguments = Self.arguments(in: text) else { return deltas }
        guard arguments.count > given else { return deltas }
        let piece = String(decoding: arguments.dropFirst(given), as: UTF8.self)
        given = arguments.count
        deltas.append(["index": .integer(index), "function": ["arguments": .string(piece)]])
        return deltas
    }

    private static func name(in text: [UInt8]) -> String? {
        guard let start = value(of: "name", in: text), start < text.count, text[start] == UInt8(ascii: "\""),
            let end = text[(start + 1)...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        return String(decoding: text[(start + 1)..<end], as: UTF8.self)
    }

    /// The arguments as far as they are there, without the brace that closes the call.
    private static func arguments(in text: [UInt8]) -> ArraySlice<UInt8>? {
        guard let start = value(of: "arguments", in: text), start < text.count else { return nil }
        var depth = 0
        var isInString = false
        var isEscaped = false
        for index in start..<text.count {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch text[index] {
            case UInt8(ascii: "\\") where isInString: isEscaped = true
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString, UInt8(ascii: "[") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString, UInt8(ascii: "]") where !isInString:
                depth -= 1
                if depth == 0 { return text[start...index] }
                if depth < 0 { return text[start..<index] }
            default: break
            }
        }
        return text[start...]
    }

    /// Where the value of a key of the call begins.
    private static func value(of key: String, in text: [UInt8]) -> Int? {
        guard let range = text.firstRange(of: Array("\"\(key)\":".utf8)) else { return nil }
        return text[range.upperBound...].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
    }
}
