import JSON

/// Takes a message apart as it streams: reasoning, content and tool calls, as the parsers qwen3 and hermes do.
struct ChatDeltaParser {
    private var isReasoning: Bool
    private let parsesTools: Bool
    private var mayOpenThought: Bool
    /// Text that may be the start of a mark.
    private var held = ""
    private var call: HermesCall?
    private var callCount = 0

    /// Whether a tool call was told.
    private(set) var hasCalls = false

    /// A parser; `isReasoning` says whether the message starts with a thought.
    init(isReasoning: Bool, parsesTools: Bool) {
        self.isReasoning = isReasoning
        self.parsesTools = parsesTools
        mayOpenThought = isReasoning
    }

    /// What `text` adds; at the end of the message nothing more is held back.
    mutating func add(_ text: String, isLast: Bool) -> ChatDelta {
        var delta = ChatDelta()
        var rest = held + text
        held = ""
        while !rest.isEmpty {
            if isReasoning { addReasoning(&rest, isLast, &delta) } else { addContent(&rest, isLast, &delta) }
        }
        return delta
    }

    private mutating func addReasoning(_ rest: inout String, _ isLast: Bool, _ delta: inout ChatDelta) {
        if mayOpenThought {
            if rest.hasPrefix("<think>") {
                rest = String(rest.dropFirst("<think>".count))
                mayOpenThought = false
                return
            }
            if !isLast, "<think>".hasPrefix(rest) { return hold(&rest) }
            mayOpenThought = false
        }
        let (before, after) = Self.cut(rest, at: "</think>", holding: !isLast)
        if !before.isEmpty { delta.reasoning = (delta.reasoning ?? "") + before }
        switch after {
        case .held(let text):
            held = text
            rest = ""
        case .found(let text):
            isReasoning = false
            rest = text
        }
    }

    private mutating func addContent(_ rest: inout String, _ isLast: Bool, _ delta: inout ChatDelta) {
        guard parsesTools else {
            delta.content = (delta.content ?? "") + rest
            rest = ""
            return
        }
        let (before, after) = Self.cut(rest, at: call == nil ? "<tool_call>" : "</tool_call>", holding: !isLast)
        if call != nil {
            delta.toolCalls += call?.add(before) ?? []
            hasCalls = hasCalls || !delta.toolCalls.isEmpty
        } else if !before.isEmpty, callCount == 0 {
            delta.content = (delta.content ?? "") + before
        }
        switch after {
        case .held(let text):
            held = text
            rest = ""
        case .found(let text):
            rest = text
            if call == nil {
                call = HermesCall(index: callCount)
                callCount += 1
            } else {
                call = nil
            }
        }
    }

    private mutating func hold(_ rest: inout String) {
        held = rest
        rest = ""
    }

    private enum After {
        case held(String)
        case found(String)
    }

    /// The text before a mark, and the text behind it or, without one, what may be the mark's start.
    private static func cut(_ text: String, at mark: String, holding: Bool) -> (String, After) {
        if let range = text.firstRange(of: mark) { return (String(text[..<range.lowerBound]), .found(String(text[range.upperBound...]))) }
        guard holding else { return (text, .held("")) }
        var length = min(mark.count - 1, text.count)
        while length > 0, !mark.hasPrefix(text.suffix(length)) { length -= 1 }
        return (String(text.dropLast(length)), .held(String(text.suffix(length))))
    }
}
