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
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        let opening = text[start...]
        let tag = "<think>"
        if opening.hasPrefix(tag) {
            mode = .thinking
            return String(opening.dropFirst(tag.count))
        }
        if tag.hasPrefix(opening) {
            held = text
            return ""
        }
        mode = .text
        return text
    }

    /// Passes on what stands before `tag`; when the tag is found, goes over to `next` and returns what stands behind it.
    private mutating func passUntil(_ tag: String, _ text: String, next: Mode, _ pass: (String) -> Void) -> String {
        if let range = text.firstRange(of: tag) {
            if range.lowerBound > text.startIndex { pass(String(text[..<range.lowerBound])) }
            mode = next
            return String(text[range.upperBound...])
        }
        let keep = Self.lengthOfTagStart(tag, atEndOf: text)
        let end = text.utf8.index(text.endIndex, offsetBy: -keep)
        held = String(text[end...])
        if end > text.startIndex { pass(String(text[..<end])) }
        return ""
    }

    /// How many bytes at the end of `text` may be the beginning of `tag`.
    private static func lengthOfTagStart(_ tag: String, atEndOf text: String) -> Int {
        let longest = min(tag.utf8.count - 1, text.utf8.count)
        return (0...longest).reversed().first { length in text.utf8.suffix(length).elementsEqual(tag.utf8.prefix(length)) } ?? 0
    }
}
