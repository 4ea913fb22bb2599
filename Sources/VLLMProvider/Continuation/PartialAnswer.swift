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
    /// Tokens whose text has not come: their end of a character, or of what may be a stop text, is still held back by the server.
    private var silentTokens: [Int] = []
    /// How much there was when the round began.
    private var start = (thinking: 0, text: 0, tokens: 0)
    /// The round has broken off: what comes behind it belongs to the same round.
    var hasBrokenOff = false

    init(thoughtIsOver: Bool = false) {
        self.thoughtIsOver = thoughtIsOver
    }

    /// Adds what a choice says, which is looked at where it stands: whoever is given an element of a span gets a copy of it.
    mutating func add(_ choices: borrowing Span<AnswerPart.Choice>, at index: Int) {
        if let thinking = choices[index].thinking { self.thinking += thinking }
        if let text = choices[index].text, !text.isEmpty {
            self.text += text
            thoughtIsOver = true
        }
        if tokens != nil { add(choices[index].tokenIDs, areShown: choices[index].saysSomething) }
        if !choices[index].toolCalls.isEmpty { hasToolCalls = true }
    }

    private mutating func add(_ ids: [Int]?, areShown: Bool) {
        guard let ids else {
            if areShown { tokens = nil }
            return
        }
        silentTokens += ids
        guard areShown else { return }
        tokens?.append(contentsOf: silentTokens)
        silentTokens = []
    }

    /// A new round begins.
    mutating func beginRound() {
        start = (thinking.utf8.count, text.utf8.count, tokens?.count ?? 0)
        hasBrokenOff = false
    }

    /// How many tokens of the round there are, where the server tells them all.
    var tokenCountOfRound: Int? { tokens.map { $0.count - start.tokens } }

    /// What there is of the round, as the model wrote it: a server that tells reasoning apart leaves out its tags.
    var textOfRound: String {
        let newThinking = String(thinking.utf8.dropFirst(start.thinking)) ?? ""
        let newText = String(text.utf8.dropFirst(start.text)) ?? ""
        let opening = start.thinking == 0 && !newThinking.isEmpty ? Self.thinkOpening : ""
        let closing = thoughtIsOver && !newThinking.isEmpty ? Self.thinkClosing : ""
        return opening + newThinking + closing + newText
    }

    /// The thought is not over where nothing but white space stands behind it: its end is made anew.
    mutating func reopenThought() {
        guard !thinking.isEmpty, text.withoutTrailingBlanks.isEmpty else { return }
        (text, thoughtIsOver) = ("", false)
    }

    /// Leaves out what is made anew: white space at the end, and with it the tokens, which may hold more.
    mutating func leaveOutTrailingBlanks() {
        if !thoughtIsOver { thinking = thinking.withoutTrailingBlanks }
        text = text.withoutTrailingBlanks
        tokens = nil
    }

    /// Leaves out the tokens that have not shown.
    mutating func leaveOutSilentTokens() { silentTokens = [] }

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

    /// Whether a tool call has begun in the text, complete or not.
    var hasCallMark: Bool { Self.callMarks.contains { text.firstRange(of: $0.0) != nil } }

    /// How tool calls of the usual formats begin and end.
    private static let callMarks = [
        ("<tool_call>", "</tool_call>"), ("<function=", "</function>"), ("[TOOL_CALLS]", ""), ("<|python_tag|>", ""),
    ]

    /// The begun turn for `continue_final_message`. White space at the end is not sent: templates take it away, and the model makes it anew.
    ///
    /// A thought that is not over has to be sent as text, with its tag: a template closes what it is given as reasoning.
    /// - Parameter begun: the message that the answer itself went on with.
    func message(goingOnWith begun: JSONObject?) -> JSONObject {
        guard var message = begun else { return turn }
        switch message["content"] {
        case .array(let parts)?:
            message["content"] = .array(parts + [["type": "text", "text": .string(text.withoutTrailingBlanks)]])
        case let content:
            let content = content?.string ?? ""
            if content.withoutTrailingBlanks.isEmpty {
                message.merge(turn)
            } else if thinking.isEmpty {
                message["content"] = .string(content + text.withoutTrailingBlanks)
            } else if !thoughtIsOver {
                message["content"] = .string(content + thinking.withoutTrailingBlanks)
            } else {
                // The thought that was begun in the text is over: it is told apart.
                let tag = content.ranges(of: Self.thinkOpening).last
                var whole = self
                whole.thinking = String(content[(tag?.upperBound ?? content.startIndex)...]) + thinking
                whole.text = String(content[..<(tag?.lowerBound ?? content.startIndex)]).withoutLeadingBlanks + text
                message.merge(whole.turn)
            }
        }
        // It may be another's.
        message["role"] = begun?["role"]
        return message
    }

    private static let thinkOpening = "<think>"
    private static let thinkClosing = "</think>"

    /// The answer as a turn of its own.
    private var turn: JSONObject {
        var message: JSONObject = ["role": "assistant"]
        if thoughtIsOver || thinking.isEmpty {
            message["content"] = .string(text.withoutTrailingBlanks)
            if !thinking.isEmpty {
                // Under both names, as in `ChatMessages`.
                message["reasoning"] = .string(thinking)
                message["reasoning_content"] = .string(thinking)
            }
        } else {
            message["content"] = .string(Self.thinkOpening + "\n" + thinking.withoutLeadingBlanks.withoutTrailingBlanks)
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
