/// The members of a JSON object in the order they were written. Looking a key up walks the members: objects on the wire are small.
public struct JSONObject: Sendable, Hashable {
    /// A key with its value.
    public typealias Member = (key: String, value: JSONValue)

    private struct Entry: Hashable {
        var key: String
        var value: JSONValue
    }

    private var entries: [Entry] = []

    /// An object without members.
    public init() {}

    /// The members in order; of equal keys the last value counts, at the place of the first.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// The value of `key`, or `nil` where there is none. Setting appends a new key at the end, keeps the place of a known one,
    /// and removes the key when set to `nil` (a JSON null is `.null`).
    public subscript(key: String) -> JSONValue? {
        get { entries.last { $0.key == key }?.value }
        set {
            let index = entries.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The keys in order.
    public var keys: [String] { entries.map(\.key) }

    /// Removes `key` and returns the value it had.
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        let value = self[key]
        self[key] = nil
        return value
    }

    /// Sets every member of `other` here, over what was there.
    public mutating func merge(_ other: JSONObject) {
        for (key, value) in other { self[key] = value }
    }

    /// Appends a member without looking for an equal key, as the parser does: it has seen to it that the key is new.
    mutating func append(uniqueKey key: String, _ value: JSONValue) {
        entries.append(Entry(key: key, value: value))
    }
}

extension JSONObject: RandomAccessCollection {
    /// Where the members start.
    public var startIndex: Int { 0 }

    /// Where the members end.
    public var endIndex: Int { entries.count }

    /// The member at a position.
    public subscript(position: Int) -> Member { (entries[position].key, entries[position].value) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object with its keys in the order written; of equal keys the last one counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
