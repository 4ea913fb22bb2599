import JSON

/// How a log refers to what it holds already. `docs/events.md` describes it.
enum ContentFormat {
    /// The event that holds a content: `hash` and `value`.
    static let event = "log:content"

    /// `{"$ref": hash}` stands for a content.
    static let reference = "$ref"
    /// `{"$list": hash}`, as the first element of a list, gives the list a name.
    static let list = "$list"
    /// `{"$from": hash, "start": s, "count": n}` stands for so many elements of an earlier list, or bytes of an earlier text.
    static let source = "$from"
    static let start = "start"
    static let count = "count"
    /// `{"$join": […]}`, as the value of a content, is a text in pieces.
    static let join = "$join"
    /// `{"$literal": {…}}` stands for an object that happens to look like one of these.
    static let literal = "$literal"

    /// How many levels of lists and objects a record has at most: as many as the parser of JSON takes.
    static let maximumDepth = 512

    /// Whether an object has a member that would be taken for one of the above.
    static func looksSpecial(_ members: JSONObject) -> Bool {
        members.contains { key, _ in
            key.utf8.first == UInt8(ascii: "$") && [reference, list, source, join, literal].contains(key)
        }
    }

    /// Whether contents may be taken out of the events of this name: those that hold what was sent as it was sent, and of others the lists.
    static func packing(of event: String) -> Packing? {
        switch Unicode.Scalar(event.lastByte) {
        case "w" where event.ends(with: ":raw"): return .all
        case "g" where event == "llm:request:debug": return .lists
        default: return nil
        }
    }

    enum Packing {
        case all
        case lists
    }
}
