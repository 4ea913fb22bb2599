/// The members of a JSON object in the order they were written.
///
/// Objects are equal when they have equal members in the same order. Small ones are searched member by member, large ones through
/// an index, so that building an object of any size takes time in proportion to it.
public struct JSONObject: Sendable {
    /// A key with its value.
    public typealias Member = (key: String, value: JSONValue)

    package struct Entry: Hashable {
        package var key: String
        package var value: JSONValue

        package init(key: String, value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// A key as its bytes: for `String` two spellings of `é` are equal, in JSON they are two keys.
    private struct ExactKey: Hashable {
        let text: String

        static func == (left: ExactKey, right: ExactKey) -> Bool { areEqual(left.text, right.text) }

        static func areEqual(_ left: String, _ right: String) -> Bool {
            let areEqual = left.utf8.withContiguousStorageIfAvailable { left in
                right.utf8.withContiguousStorageIfAvailable { right in left.elementsEqual(right) }
            }
            return areEqual.flatMap(\.self) ?? left.utf8.elementsEqual(right.utf8)
        }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// The members in order. The ways that run for every event go through these: an element of the collection is a copy of a member.
    package private(set) var entries: [Entry] = []
    /// Where each key is; kept for objects of more than `indexedCount` members only.
    private var index: [ExactKey: Int]?

    /// Up to here comparing keys is about as fast as hashing one, and most objects on the wire have fewer members.
    static let indexedCount = 32

    /// An object without members.
    public init() {}

    /// The members in order; of equal keys the last value counts, at the place of the first.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        reserveCapacity(members.underestimatedCount)
        for (key, value) in members { set(key, value) }
    }

    /// The members in order, whose keys are known to differ.
    package init(distinct entries: [Entry]) {
        self.entries = entries
        if entries.count > Self.indexedCount { makeIndex(capacity: entries.count) }
    }

    /// The value of `key`, or `nil` where there is none. Setting appends a new key at the end, keeps the place of a known one,
    /// and removes the key when set to `nil` (a JSON null is `.null`).
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { entries[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): entries[position].value = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(Entry(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The keys in order.
    public var keys: [String] { entries.map(\.key) }

    /// Removes `key` and returns the value it had.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSONValue? {
        guard let position = position(of: key) else { return nil }
        let value = entries[position].value
        remove(at: position)
        return value
    }

    /// Sets every member of `other` here, over what was there.
    public mutating func merge(_ other: JSONObject) {
        for (key, value) in other { self[key] = value }
    }

    /// Makes room for so many members.
    public mutating func reserveCapacity(_ count: Int) {
        entries.reserveCapacity(count)
        if count > Self.indexedCount { makeIndex(capacity: count) }
    }

    /// Appends a member whose key is known to be new.
    mutating func append(newKey key: String, _ value: JSONValue) {
        append(Entry(key: key, value: value))
    }

    private mutating func set(_ key: consuming String, _ value: consuming JSONValue) {
        if let position = position(of: key) {
            entries[position].value = value
        } else {
            append(Entry(key: key, value: value))
        }
    }

    private func position(of key: String) -> Int? {
        if let index { return index[ExactKey(text: key)] }
        let entries = entries.span
        // Most keys are told from each other by their lengths.
        let count = key.utf8.count
        for position in entries.indices where entries[position].key.utf8.count == count {
            if ExactKey.areEqual(entries[position].key, key) { return position }
        }
        return nil
    }

    private mutating func append(_ entry: Entry) {
        entries.append(entry)
        if index != nil {
            index?[ExactKey(text: entry.key)] = entries.count - 1
        } else if entries.count > Self.indexedCount {
            makeIndex(capacity: entries.count)
        }
    }

    private mutating func makeIndex(capacity: Int) {
        var index: [ExactKey: Int] = [:]
        index.reserveCapacity(capacity)
        for (position, entry) in entries.enumerated() { index[ExactKey(text: entry.key)] = position }
        self.index = index
    }

    /// Everything behind the removed member moves: the index is gone until a member is appended.
    private mutating func remove(at position: Int) {
        entries.remove(at: position)
        index = nil
    }
}

extension JSONObject: Hashable {
    /// Whether both have equal members in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.entries == right.entries }

    /// Feeds the members, in order.
    public func hash(into hasher: inout Hasher) { hasher.combine(entries) }
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
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(literal: elements) }

    /// A span lends its elements; a sequence gives copies of them, and there are literals in every event.
    init(literal elements: [(String, JSONValue)]) {
        reserveCapacity(elements.count)
        let elements = elements.span
        for position in elements.indices { set(elements[position].0, elements[position].1) }
    }
}

extension JSONObject: CustomStringConvertible {
    /// The object as compact JSON text.
    public var description: String { JSONValue.object(self).text }
}
