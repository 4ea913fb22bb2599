public import JSON

/// A place where two JSON values differ.
public struct ValueDifference: Sendable, Hashable {
    /// Where, as a JSON Pointer (RFC 6901): `/city`, `/days/0`; empty for the value itself.
    public var path: String
    /// What stood there; `nil` for nothing.
    public var old: JSONValue?
    /// What stands there; `nil` for nothing.
    public var new: JSONValue?

    /// A difference.
    public init(path: String, old: JSONValue?, new: JSONValue?) {
        self.path = path
        self.old = old
        self.new = new
    }

    /// No more differences than this are told of two values.
    public static let limit = 200

    /// Where two values differ: the order of an object's members and the spelling of a number (`1` and `1.0`) make no difference. The first
    /// `limit` of them.
    public static func between(_ old: JSONValue, _ new: JSONValue) -> [ValueDifference] {
        var search = ValueComparison()
        search.compare(old, new, at: "")
        return search.differences
    }
}

/// Walks through two values at once.
private struct ValueComparison {
    var differences: [ValueDifference] = []

    private var isFull: Bool { differences.count >= ValueDifference.limit }

    mutating func compare(_ old: JSONValue?, _ new: JSONValue?, at path: String) {
        guard !isFull else { return }
        switch (old, new) {
        case (.object(let old), .object(let new)): compare(old, new, at: path)
        case (.array(let old), .array(let new)):
            for index in 0..<max(old.count, new.count) where !isFull {
                compare(element(index, of: old), element(index, of: new), at: "\(path)/\(index)")
            }
        case (.number(let old), .number(let new)) where isEqual(old, new): return
        case (.string(let old), .string(let new)) where old.isExactly(new): return
        case (.string, .string): differences.append(ValueDifference(path: path, old: old, new: new))
        default: if old != new { differences.append(ValueDifference(path: path, old: old, new: new)) }
        }
    }

    private mutating func compare(_ old: JSONObject, _ new: JSONObject, at path: String) {
        let added = new.keys.filter { old[$0] == nil }
        for key in old.keys + added where !isFull {
            let step = key.contains { $0 == "~" || $0 == "/" } ? key.replacing("~", with: "~0").replacing("/", with: "~1") : key
            compare(old[key], new[key], at: "\(path)/\(step)")
        }
    }

    private func element(_ index: Int, of array: [JSONValue]) -> JSONValue? { array.indices.contains(index) ? array[index] : nil }

    private func isEqual(_ old: JSONNumber, _ new: JSONNumber) -> Bool {
        if old == new { return true }
        // Integers are compared exactly: as floating-point numbers, large ones that differ may be equal.
        return old.int == nil && new.int == nil ? old.double == new.double : old.int == new.int
    }
}
