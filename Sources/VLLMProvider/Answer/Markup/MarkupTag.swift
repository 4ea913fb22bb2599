/// The tags of reasoning and tool calls, as bytes: as characters, a tag with a combining mark behind it would be none.
enum MarkupTag {
    static let thinkOpening = Array("<think>".utf8)
    static let thinkClosing = Array("</think>".utf8)
    static let callOpening = Array("<tool_call>".utf8)
    static let callClosing = Array("</tool_call>".utf8)
    static let functionOpening = Array("<function=".utf8)
    static let functionClosing = Array("</function>".utf8)
    static let parameterOpening = Array("<parameter=".utf8)
    static let parameterClosing = Array("</parameter>".utf8)
    static let codeFence = Array("```".utf8)
    static let toolCalls = Array("[TOOL_CALLS]".utf8)
    static let callID = Array("[CALL_ID]".utf8)
    static let arguments = Array("[ARGS]".utf8)
    static let python = Array("<|python_tag|>".utf8)
}

/// What stands at a place of a text that goes on.
enum TagMatch: Hashable {
    case none
    /// The text ends within what may become one of the tags.
    case partial
    /// One of the tags, by its number.
    case whole(Int)
}

extension ArraySlice<UInt8> {
    /// Which of the tags stands at `position`.
    func match(_ tags: [[UInt8]], at position: Int) -> TagMatch {
        var isPartial = false
        for (number, tag) in tags.enumerated() where tag[0] == self[position] {
            let found = self[position...].prefix(tag.count)
            if !tag.starts(with: found) { continue }
            if found.count == tag.count { return .whole(number) }
            isPartial = true
        }
        return isPartial ? .partial : .none
    }

    /// Which of the tags stands at the beginning, which is not empty.
    func match(_ tags: [[UInt8]]) -> TagMatch { match(tags, at: startIndex) }

    /// Takes the white space at the beginning off.
    mutating func takeBlanks() -> ArraySlice<UInt8> {
        let end = firstIndex { !$0.isBlank } ?? endIndex
        defer { self = self[end...] }
        return self[..<end]
    }

    /// Takes what stands before `end` off.
    mutating func take(upTo end: Int) -> ArraySlice<UInt8> {
        defer { self = self[end...] }
        return self[..<end]
    }
}

extension UInt8 {
    /// Whether this is white space.
    var isBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }

    /// Whether this ends a line.
    var isLineBreak: Bool { self == 0x0A || self == 0x0D }
}
