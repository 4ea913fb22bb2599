import ProviderKit
import VLLMClient

/// Tells what the server says of tokens: log-probabilities with the places of the tokens, token ids, and the prompt's tokens.
struct AnswerTokens {
    private var aligners = ChoiceValues<TokenAligner>()
    private var choiceOfBlock: [Int: Int] = [:]
    /// Whether log-probabilities are to come: the blocks' texts are kept for them.
    private var isExpecting: Bool
    private var prompt = PromptTokens()

    init(expectsLogprobs: Bool = false) {
        isExpecting = expectsLogprobs
    }

    /// Takes in what a part says of tokens and appends what is certain by now.
    /// - Parameter start: where the events begin in `events` that the part's texts have led to.
    mutating func read(_ part: borrowing AnswerPart, from start: Int, to events: inout [ProviderEvent]) {
        tellPrompt(PromptTokens(ids: part.promptTokenIDs, logprobs: part.promptLogprobs), to: &events)
        let blocks = start..<events.count
        let choices = part.choices.span
        for index in choices.indices { read(choices[index], to: &events) }
        guard isExpecting else { return }
        for index in blocks { follow(events.span[index]) }
        for index in choices.indices {
            let placed = aligners[choices[index].index]?.take(isOver: choices[index].finishReason != nil) ?? []
            if !placed.isEmpty { events.append(.logprobs(placed)) }
        }
    }

    private mutating func read(_ choice: borrowing AnswerPart.Choice, to events: inout [ProviderEvent]) {
        tellPrompt(PromptTokens(ids: choice.promptTokenIDs, logprobs: choice.promptLogprobs), to: &events)
        if let ids = choice.tokenIDs, !ids.isEmpty { events.append(.tokenIDs(choice: choice.index, ids: ids)) }
        guard let tokens = choice.logprobs?.tokens, !tokens.isEmpty else { return }
        isExpecting = true
        if !aligners.contains(choice.index) { aligners[choice.index] = TokenAligner() }
        aligners[choice.index]?.add(Self.tokens(tokens, of: choice))
    }

    /// The answer is over, or broke off: appends what is left.
    mutating func finish(to events: inout [ProviderEvent]) {
        for choice in aligners.numbers {
            let placed = aligners[choice]?.take(isOver: true) ?? []
            if !placed.isEmpty { events.append(.logprobs(placed)) }
        }
    }

    private mutating func follow(_ event: ProviderEvent) {
        switch event {
        case .blockStarted(let start):
            choiceOfBlock[start.index] = start.choice
            var tool: [UInt8]?
            if case .toolCall(_, let name) = start.kind { tool = Array(name.utf8) }
            if !aligners.contains(start.choice) { aligners[start.choice] = TokenAligner() }
            aligners[start.choice]?.begin(TokenAligner.Block(index: start.index, tool: tool))
        case .blockDelta(let index, let text):
            if let choice = choiceOfBlock[index] { aligners[choice]?.append(text) }
        case .blockEnded(let index, _):
            if let choice = choiceOfBlock.removeValue(forKey: index) { aligners[choice]?.end() }
        default: break
        }
    }

    /// Tells the prompt's tokens once, though completions repeat them in every choice.
    private mutating func tellPrompt(_ told: PromptTokens?, to events: inout [ProviderEvent]) {
        guard var told else { return }
        if prompt.ids != nil { told.ids = nil }
        if prompt.logprobs != nil { told.logprobs = nil }
        guard told != PromptTokens() else { return }
        prompt = PromptTokens(ids: prompt.ids ?? told.ids, logprobs: prompt.logprobs ?? told.logprobs)
        events.append(.promptTokens(told))
    }

    /// The tokens with their ids, where the ids beside them are those of the same tokens: of an echoed prompt, its own come first.
    private static func tokens(_ tokens: [TokenLogprobs.Token], of choice: AnswerPart.Choice) -> [TokenAligner.Token] {
        var ids = choice.tokenIDs ?? []
        if ids.count != tokens.count { ids = (choice.promptTokenIDs ?? []) + ids }
        let areTheirs = ids.count == tokens.count
        let told = tokens.span
        return told.indices.map { index in
            let bytes = TokenBytes(told[index].token, told: told[index].bytes)
            return TokenAligner.Token(
                value: TokenLogprob(told[index], bytes, id: areTheirs ? ids[index] : nil, choice: choice.index), text: bytes.text)
        }
    }
}
