import VLLMClient

extension Continuation {
    /// Whether text or reasoning ends in white space, which is held back until something follows it: where the round ends with it, the
    /// next round makes it anew.
    static func tail(of part: AnswerPart) -> (shown: AnswerPart?, held: AnswerPart?) {
        guard part.choices.count == 1, part.choices[0].toolCalls.isEmpty, part.choices[0].finishReason == nil else { return (part, nil) }
        let choice = part.choices[0]
        let isText = choice.text?.isEmpty == false
        guard let told = isText ? choice.text : choice.thinking, told.utf8.last?.isBlank == true else { return (part, nil) }
        let kept = told.withoutTrailingBlanks
        if kept.isEmpty, !isText || choice.thinking?.isEmpty ?? true { return (nil, part) }
        var (shown, held) = (part, AnswerPart(choices: [AnswerPart.Choice(index: choice.index)]))
        let rest = String(told.utf8.dropFirst(kept.utf8.count)) ?? ""
        if isText {
            (shown.choices[0].text, held.choices[0].text) = (kept, rest)
        } else {
            (shown.choices[0].thinking, held.choices[0].thinking) = (kept, rest)
        }
        if let tokens = choice.logprobs?.tokens {
            let blanks = tokens.reversed().prefix { !$0.token.isEmpty && $0.token.withoutTrailingBlanks.isEmpty }.count
            shown.choices[0].logprobs?.tokens.removeLast(blanks)
            held.choices[0].logprobs = choice.logprobs
            held.choices[0].logprobs?.tokens.removeFirst(tokens.count - blanks)
            if let ids = choice.tokenIDs, ids.count == tokens.count {
                shown.choices[0].tokenIDs = Array(ids.dropLast(blanks))
                held.choices[0].tokenIDs = Array(ids.suffix(blanks))
            }
        }
        return (shown, held)
    }
}

extension AnswerPart {
    /// Whether it tells of the answer's tokens.
    var hasTokens: Bool { choices.contains { $0.tokenIDs?.isEmpty == false || $0.logprobs != nil } }
}

extension AnswerPart.Choice {
    /// Whether there is content in it.
    var saysSomething: Bool { text?.isEmpty == false || thinking?.isEmpty == false || !toolCalls.isEmpty || finishReason != nil }
}
