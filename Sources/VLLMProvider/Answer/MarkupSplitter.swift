/// Takes a model's raw text apart as it streams: reasoning between `<think>` and `</think>` at its beginning, tool calls between
/// `<tool_call>` and `</tool_call>`, and text. Tags may be cut anywhere between two pieces.
struct MarkupSplitter {
    /// A part of the raw text.
    enum Part: Hashable {
        case text(String)
        case thinking(String)
        /// What stood between the tags of a tool call.
        case toolCall(String)
        /// What stood behind the opening tag of a tool call when the text ended.
        case incompleteToolCall(String)
    }

    private enum Mode {
        case beginning
        case thinking
        case text
        case toolCall
    }

    private let parsesToolCalls: Bool
    private var mode: Mode
    private var held = ""
    private var body = ""

    /// - Parameters:
    ///   - startsInThinking: the prompt ended with `<think>`, so that the text begins inside.
    ///   - parsesToolCalls: tools were offered, so that `<tool_call>` is markup and not text.
    init(startsInThinking: Bool, parsesToolCalls: Bool) {
        mode = startsInThinking ? .thinking : .beginning
        self.parsesToolCalls = parsesToolCalls
    }

    /// Takes the next piece and hands out what is certain.
    mutating func consume(_ piece: String, _ emit: (Part) -> Void) {
        var rest = held.isEmpty ? piece : held + piece
        held = ""
        while !rest.isEmpty {
            switch mode {
            case .beginning: rest = skipToThinking(rest)
            case .thinking: rest = passUntil("</think>", rest, next: .text) { emit(.thinking($0)) }
            case .text:
                guard parsesToolCalls else { return emit(.text(rest)) }
                rest = passUntil("<tool_call>", rest, next: .toolCall) { emit(.text($0)) }
            case .toolCall:
                var content = ""
                rest = passUntil("</tool_call>", rest, next: .text) { content = $0 }
                body += content
                if mode == .text {
                    emit(.toolCall(body))
                    body = ""
                }
            }
        }
    }

    /// The text is over: hands out what was held back.
    mutating func finish(_ emit: (Part) -> Void) {
        switch mode {
        case .beginning, .text: if !held.isEmpty { emit(.text(held)) }
        case .thinking: if !held.isEmpty { emit(.thinking(held)) }
        case .toolCall: emit(.incompleteToolCall(body + held))
        }
        held = ""
        body = ""
    }

    /// At the beginning: decides whether the text opens with `<think>`, and returns what is left to be read.
    private mutating func skipToThinking(_ text: String) -> String {
        let opening = text.utf8.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let tag = "<think>".utf8
        if opening.starts(with: tag) {
            mode = .thinking
            return String(Substring(opening.dropFirst(tag.count)))
        }
        if tag.starts(with: opening) {
            held = text
            return ""
        }
        mode = .text
        return text
    }

    /// Passes on what stands before `tag`; when the tag is found, goes over to `next` and returns what stands behind it.
    private mutating func passUntil(_ tag: String, _ text: String, next: Mode, _ pass: (String) -> Void) -> String {
        if let range = Self.range(of: tag.utf8, in: text.utf8) {
            if range.lowerBound > text.startIndex { pass(String(text[..<range.lowerBound])) }
            mode = next
            return String(text[range.upperBound...])
        }
        let keep = Self.lengthOfTagStart(tag.utf8, atEndOf: text.utf8)
        if keep == 0 {
            pass(text)
            return ""
        }
        let end = text.utf8.index(text.endIndex, offsetBy: -keep)
        held = String(text[end...])
        if end > text.startIndex { pass(String(text[..<end])) }
        return ""
    }

    /// Where `tag` stands. By bytes: as characters, a tag with a combining mark behind it would be none.
    private static func range(of tag: String.UTF8View, in text: String.UTF8View) -> Range<String.Index>? {
        var rest = text[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            let found = rest[start...]
            if found.starts(with: tag) { return start..<found.index(start, offsetBy: tag.count) }
            rest = found.dropFirst()
        }
        return nil
    }

    /// How many bytes at the end of `text` may be the beginning of `tag`.
    private static func lengthOfTagStart(_ tag: String.UTF8View, atEndOf text: String.UTF8View) -> Int {
        let tail = text.suffix(tag.count - 1)
        guard let start = tail.lastIndex(of: UInt8(ascii: "<")) else { return 0 }
        let beginning = tail[start...]
        return tag.starts(with: beginning) ? beginning.count : 0
    }
}
