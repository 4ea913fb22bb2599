import JSON

/// What an answer has come to where its length cut it: what the next round goes on from.
struct PartialAnswer {
    /// Reasoning that the server told apart.
    var thinking = ""
    /// The answer's text as the server gave it, markup included.
    var text = ""
    /// The tokens, where the server tells them all.
    var tokens: [Int]? = []
    /// The answer has called a tool.
    var hasToolCalls = false
    /// Text has begun: what comes is no reasoning any more.
    var thoughtIsOver = false

    /// Adds what a choice says.
    mutating func add(_ choice: AnswerPart.Choice) {
        if let thinking = choice.thinking { self.thinking += thinking }
        if let text = choice.text, !text.isEmpty {
            self.text += text
            thoughtIsOver = true
        }
        if let ids = choice.tokenIDs { tokens?.append(contentsOf: ids) } else if choice.text?.isEmpty == false { tokens = nil }
        if !choice.toolCalls.isEmpty { hasToolCalls = true }
    }

    /// How much there is besides white space at the end: what tells whether a round got anywhere.
    var progress: Int {
        thinking.withoutTrailingBlanks.utf8.count + text.withoutTrailingBlanks.utf8.count + (thoughtIsOver ? 1 : 0)
    }

    /// Whether the text ends inside a tool call: the server, or whatever reads the markup, would not know its second half.
    var endsInToolCall: Bool {
        Self.callMarks.contains { opening, closing in
            guard let start = text.ranges(of: opening).last else { return false }
            return closing.isEmpty || text[start.upperBound...].firstRange(of: closing) == nil
        }
    }

    /// How tool calls of the usual formats begin and end.
    private static let callMarks = [
        ("<tool_call>", "</tool_call>"), ("<function=", "</function>"), ("[TOOL_CALLS]", ""), ("<|python_tag|>", ""),
    ]

    /// The begun turn for `continue_final_message`. White space at the end is not sent: templates take it away, and the model makes it anew.
    ///
    /// A thought that is not over has to be sent as text, with its tag: a template closes what it is given as reasoning.
    /// - Parameter begun: the message that the answer itself went on with.
    func message(goingOnWith begun: JSONObject?) -> JSONObject {
        var message: JSONObject = ["role": "assistant"]
        if let begun {
            message = begun
            message["content"] = .string((begun["content"]?.string ?? "") + text.withoutTrailingBlanks)
        } else if thoughtIsOver || thinking.isEmpty {
            message["content"] = .string(text.withoutTrailingBlanks)
            if !thinking.isEmpty {
                // Under both names, as in `ChatMessages`.
                message["reasoning"] = .string(thinking)
                message["reasoning_content"] = .string(thinking)
            }
        } else {
            message["content"] = .string("<think>\n" + thinking.withoutLeadingBlanks.withoutTrailingBlanks)
        }
        return message
    }
}

extension String {
    /// The text without white space at its end.
    var withoutTrailingBlanks: String {
        guard let last = utf8.lastIndex(where: { !$0.isBlank }) else { return "" }
        return String(self[...last])
    }

    /// The text without white space at its beginning.
    var withoutLeadingBlanks: String { String(self[(utf8.firstIndex { !$0.isBlank } ?? endIndex)...]) }
}
