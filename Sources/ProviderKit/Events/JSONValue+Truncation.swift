public import JSON

extension JSONValue {
    /// The value with every long string in it cut as Amplifier cuts the payloads of debug events: the first `limit` characters, then
    /// `... (truncated K chars)`. Characters are counted in Unicode scalars, as there; a cut inside a character that consists of several
    /// scalars moves to the front of it. Keys stay whole.
    public func truncatingStrings(longerThan limit: Int) -> JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): Self.truncated(text, limit).map { .string($0) } ?? self
        case .array(let elements): .array(elements.map { $0.truncatingStrings(longerThan: limit) })
        case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.truncatingStrings(longerThan: limit)) }))
        }
    }

    private static func truncated(_ text: String, _ limit: Int) -> String? {
        let scalars = text.unicodeScalars
        guard text.utf8.count > limit,
            var end = scalars.index(scalars.startIndex, offsetBy: max(limit, 0), limitedBy: scalars.endIndex), end < scalars.endIndex
        else { return nil }
        // Stepping forward and back again lands on the front of the character that `end` is in. A single character that is longer than
        // the limit is cut nevertheless: the limit is there to keep records small.
        let front = text.index(before: text.index(after: end))
        if front > text.startIndex { end = front }
        return text[..<end] + "... (truncated \(scalars.distance(from: end, to: scalars.endIndex)) chars)"
    }
}
