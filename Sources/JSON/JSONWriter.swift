/// Writes JSON as bytes, compact (no spaces, keys in the order given) or indented by two spaces for people.
public struct JSONWriter {
    /// The bytes written so far: UTF-8.
    public private(set) var bytes: [UInt8] = []
    private let indents: Bool
    private var depth = 0

    /// A writer of compact JSON, or of indented JSON.
    public init(pretty: Bool = false) {
        indents = pretty
    }

    /// Writes a value.
    public mutating func write(_ value: JSONValue) {
        switch value {
        case .null: write(raw: "null")
        case .bool(let value): write(raw: value ? "true" : "false")
        case .number(let number): bytes.append(contentsOf: number.literal.utf8)
        case .string(let string): write(string)
        case .array(let elements): writeList("[", elements, "]") { $0.write($1) }
        case .object(let members):
            writeList("{", members, "}") { writer, member in
                writer.write(member.key)
                writer.write(raw: writer.indents ? ": " : ":")
                writer.write(member.value)
            }
        }
    }

    /// Writes bytes as they are; the caller vouches for the result being JSON.
    public mutating func write(raw text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes bytes that are JSON already.
    public mutating func write(raw json: some Sequence<UInt8>) {
        bytes.append(contentsOf: json)
    }

    /// Writes a string with its quotation marks: `"`, `\` and control characters are escaped, everything else stays as it is.
    public mutating func write(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { writeEscaped($0) }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ utf8: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for index in utf8.indices {
            let byte = utf8[index]
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
            bytes.append(contentsOf: utf8[start..<index])
            writeEscape(byte)
            start = index + 1
        }
        bytes.append(contentsOf: utf8[start...])
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): write(raw: #"\""#)
        case UInt8(ascii: "\\"): write(raw: #"\\"#)
        case UInt8(ascii: "\n"): write(raw: #"\n"#)
        case UInt8(ascii: "\r"): write(raw: #"\r"#)
        case UInt8(ascii: "\t"): write(raw: #"\t"#)
        case 0x08: write(raw: #"\b"#)
        case 0x0C: write(raw: #"\f"#)
        default:
            write(raw: #"\u00"#)
            bytes.append(Self.hexDigits[Int(byte >> 4)])
            bytes.append(Self.hexDigits[Int(byte & 15)])
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private mutating func writeList<Elements: Collection>(
        _ open: StaticString, _ elements: Elements, _ close: StaticString, _ write: (inout JSONWriter, Elements.Element) -> Void
    ) {
        self.write(raw: open)
        depth += 1
        var isFirst = true
        for element in elements {
            if !isFirst { self.write(raw: ",") }
            isFirst = false
            breakLine()
            write(&self, element)
        }
        depth -= 1
        if !isFirst { breakLine() }
        self.write(raw: close)
    }

    private mutating func breakLine() {
        guard indents else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }
}

extension JSONValue {
    /// The value as compact JSON: no spaces, keys in order, on one line.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    /// The value as compact JSON text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value as JSON for people: one member a line, indented by two spaces.
    public var prettyText: String {
        var writer = JSONWriter(pretty: true)
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
