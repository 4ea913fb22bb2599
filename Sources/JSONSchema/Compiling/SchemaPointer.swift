package import JSON

/// A place in a schema: a JSON pointer (RFC 6901).
package struct SchemaPointer: Sendable, Hashable, CustomStringConvertible {
    private var tokens: [String] = []

    /// The whole schema.
    package init() {}

    /// The place that a `$ref` names; `nil` for one that is not inside the schema.
    package init?(reference: String) {
        guard reference == "#" || reference.hasPrefix("#/"), let decoded = Self.percentDecoded(reference.utf8.dropFirst()) else {
            return nil
        }
        // What stands between the slashes; in it, `~1` is a slash and `~0` a tilde.
        for token in decoded.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            tokens.append(Self.replacing("~0", by: "~", in: Self.replacing("~1", by: "/", in: String(token))))
        }
    }

    func appending(_ token: String) -> SchemaPointer {
        var pointer = self
        pointer.tokens.append(token)
        return pointer
    }

    func appending(_ index: Int) -> SchemaPointer { appending(String(index)) }

    /// What is at this place.
    package func value(in schema: JSONValue) -> JSONValue? {
        var value = schema
        for token in tokens {
            switch value {
            case .object(let members):
                guard let member = members[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Int(token), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    package var description: String {
        tokens.reduce("#") { $0 + "/" + Self.replacing("/", by: "~1", in: Self.replacing("~", by: "~0", in: $1)) }
    }

    private static func replacing(_ part: String, by other: String, in text: String) -> String {
        text.split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }

    private static func percentDecoded(_ text: Substring.UTF8View.SubSequence) -> String? {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
