/// HTTP header fields in the order they were sent, duplicates kept; names compare without regard to case (RFC 9110 §5.1).
public struct HTTPHeaders: Sendable, Hashable {
    /// A field's name and value.
    public typealias Field = (name: String, value: String)

    private struct Entry: Hashable {
        var name: String
        var value: String
    }

    private var entries: [Entry] = []

    /// No fields.
    public init() {}

    /// The fields in the order given.
    public init(_ fields: some Sequence<(String, String)>) {
        entries.reserveCapacity(fields.underestimatedCount)
        for (name, value) in fields { append(name: name, value: value) }
    }

    /// The first value of `name`. Setting replaces all fields of that name by one; setting `nil` removes them.
    public subscript(name: String) -> String? {
        get { entries.first { Self.equal($0.name, name) }?.value }
        set {
            entries.removeAll { Self.equal($0.name, name) }
            if let newValue { entries.append(Entry(name: name, value: newValue)) }
        }
    }

    /// Adds a field behind those there are.
    public mutating func append(name: String, value: String) {
        entries.append(Entry(name: name, value: value))
    }

    /// Makes room for so many fields.
    mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

    private static func equal(_ left: String, _ right: String) -> Bool {
        left == right || left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders: RandomAccessCollection {
    /// Where the fields start.
    public var startIndex: Int { 0 }

    /// Where the fields end.
    public var endIndex: Int { entries.count }

    /// The field at a position.
    public subscript(position: Int) -> Field { (entries[position].name, entries[position].value) }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    /// The fields in the order written.
    public init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }
}
