import VLLMClient

extension AnswerPart {
    /// What of a part is held back.
    enum Tail {
        case none
        case all
        case some(AnswerPart)
    }

    /// Takes white space off the end of text or reasoning, which is held back until something follows it: where the round ends with it, the
    /// next round makes it anew.
    mutating func takeTail() -> Tail {
        guard choices.count == 1, choices[0].endsInBlank, choices[0].toolCalls.isEmpty, choices[0].finishReason == nil else { return .none }
        let choice = choices[0]
        let isText = choice.text?.isEmpty == false
        let told = (isText ? choice.text : choice.thinking) ?? ""
        let kept = told.withoutTrailingBlanks
        if kept.isEmpty, !isText || choice.thinking?.isEmpty ?? true { return .all }
        var held = AnswerPart(choices: [AnswerPart.Choice(index: choice.index)])
        let rest = String(told.utf8.dropFirst(kept.utf8.count)) ?? ""
        if isText {
            (choices[0].text, held.choices[0].text) = (kept, rest)
        } else {
            (choices[0].thinking, held.choices[0].thinking) = (kept, rest)
        }
        if let tokens = choice.logprobs?.tokens {
            let blanks = tokens.reversed().prefix { !$0.token.isEmpty && $0.token.withoutTrailingBlanks.isEmpty }.count
            choices[0].logprobs?.tokens.removeLast(blanks)
            held.choices[0].logprobs = choice.logprobs
            held.choices[0].logprobs?.tokens.removeFirst(tokens.count - blanks)
            if let ids = choice.tokenIDs, ids.count == tokens.count {
                choices[0].tokenIDs = Array(ids.dropLast(blanks))
                held.choices[0].tokenIDs = Array(ids.suffix(blanks))
            }
        }
        return .some(held)
    }
}

extension AnswerPart {
    /// Whether it tells of the answer's tokens.
    var hasTokens: Bool { choices.contains { $0.tokenIDs?.isEmpty == false || $0.logprobs != nil } }
}

extension AnswerPart.Choice {
    /// Whether there is content in it.
    var saysSomething: Bool { text?.isEmpty == false || thinking?.isEmpty == false || !toolCalls.isEmpty || finishReason != nil }

    /// Whether its text, or its reasoning where it has no text, ends in white space.
    fileprivate var endsInBlank: Bool { text?.utf8.last?.isBlank ?? thinking?.utf8.last?.isBlank ?? false }

    /// Leaves out the ids of its tokens.
    mutating func leaveOutTokenIDs() {
        if tokenIDs != nil { tokenIDs = nil }
        if promptTokenIDs != nil { promptTokenIDs = nil }
    }
}
