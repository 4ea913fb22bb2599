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
        guard endsInBlank else { return .none }
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
            // A server may tell several at once. Those without text among them are made anew as well.
            let blanks = tokens.reversed().prefix { $0.token.withoutTrailingBlanks.isEmpty }.count
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
    /// Whether something of it has to wait for what follows it.
    /// - Parameter withBlanks: white space at its end has to.
    func isHeld(withBlanks: Bool) -> Bool { !saysSomething && hasTokens || withBlanks && endsInBlank }

    private var endsInBlank: Bool {
        guard choices.count == 1 else { return false }
        let choices = choices.span
        return choices[0].endsInBlank && choices[0].toolCalls.isEmpty && choices[0].finishReason == nil
    }

    /// Whether there is content in it.
    var saysSomething: Bool {
        let choices = choices.span
        return choices.indices.contains { choices[$0].saysSomething }
    }

    /// Whether it tells of the answer's tokens.
    var hasTokens: Bool { choices.contains { $0.tokenIDs?.isEmpty == false || $0.logprobs != nil } }
}

extension AnswerPart.Choice {
    /// Whether there is content in it.
    var saysSomething: Bool { text?.isEmpty == false || thinking?.isEmpty == false || !toolCalls.isEmpty || finishReason != nil }

    /// Whether its text, or its reasoning where it has no text, ends in white space.
    fileprivate var endsInBlank: Bool { text?.utf8.last?.isBlank ?? thinking?.utf8.last?.isBlank ?? false }

    /// Whether it tells ids of tokens.
    var hasTokenIDs: Bool { tokenIDs != nil || promptTokenIDs != nil }

    /// Leaves out the ids of its tokens.
    mutating func leaveOutTokenIDs() {
        (tokenIDs, promptTokenIDs) = (nil, nil)
    }
}
