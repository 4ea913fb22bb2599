import JSON

/// JSON for people: what fits on a line stays on one, everything else is indented by two spaces.
enum ReadableJSON {
    /// How many bytes a line may have.
    private static let width = 88

    static func text(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: 0, to: &text)
        return text
    }

    private static func write(_ value: JSONValue, indent: Int, to text: inout String) {
        // Deeper than people read, the rest is written as it is.
        guard let members = members(of: value), !members.isEmpty, indent < 64 else { return text += value.text }
        if let line = line(value, room: width - indent) { return text += line }
        if let array = value.array, array.allSatisfy({ $0.number != nil }) { return text += lines(of: array, indent: indent) }
        let (open, close) = value.array == nil ? ("{", "}") : ("[", "]")
        text += open
        for (index, member) in members.enumerated() {
            text += index == 0 ? "\n" : ",\n"
            text += String(repeating: " ", count: indent + 2)
            if let key = member.key { text += JSONValue.string(key).text + ": " }
            write(member.value, indent: indent + 2, to: &text)
        }
        text += "\n" + String(repeating: " ", count: indent) + close
    }

    /// Numbers, such as the ids of tokens, as many on a line as fit.
    private static func lines(of numbers: [JSONValue], indent: Int) -> String {
        let margin = "\n" + String(repeating: " ", count: indent + 2)
        var (text, room) = ("[", 0)
        for (index, number) in numbers.enumerated() {
            let item = number.text + (index + 1 < numbers.count ? "," : "")
            if item.utf8.count >= room {
                text += margin
                room = width - indent
            } else {
                text += " "
            }
            text += item
            room -= item.utf8.count + 1
        }
        return text + "\n" + String(repeating: " ", count: indent) + "]"
    }

    /// The value on one line with a space behind each comma and colon; `nil` where it is longer than that.
    private static func line(_ value: JSONValue, room: Int) -> String? {
        guard room > 0 else { return nil }
        guard let members = members(of: value) else {
            // Not spelled out only to see how long it is.
            if let string = value.string, string.utf8.count > room { return nil }
            let text = value.text
            return text.utf8.count <= room ? text : nil
        }
        let (open, close) = value.array == nil ? ("{", "}") : ("[", "]")
        var text = open
        for (index, member) in members.enumerated() {
            if index > 0 { text += ", " }
            if let key = member.key { text += JSONValue.string(key).text + ": " }
            guard let next = line(member.value, room: room - text.utf8.count) else { return nil }
            text += next
        }
        text += close
        return text.utf8.count <= room ? text : nil
    }

    private static func members(of value: JSONValue) -> [(key: String?, value: JSONValue)]? {
        if let array = value.array { return array.lazy.map { (nil, $0) } }
        return value.object?.map { ($0.key, $0.value) }
    }
}
