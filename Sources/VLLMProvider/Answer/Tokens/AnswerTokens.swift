import ProviderKit
import ToldTokens
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
    mutating func read(_ parts: borrowing Span<AnswerPart>, at index: Int, from start: Int, to events: inout [ProviderEvent]) {
        tellPrompt(PromptTokens(ids: parts[index].promptTokenIDs, logprobs: parts[index].promptLogprobs), to: &events)
        let blocks = start..<events.count
        let choices = parts[index].choices.span
        for index in choices.indices { tell(choices, at: index, to: &events) }
        guard isExpecting else { return }
        for index in blocks { follow(events.span, at: index) }
        for index in choices.indices { place(choices, at: index, to: &events) }
    }

    // Elements are looked at where they stand: whoever is given one gets a copy of it.

    private mutating func tell(_ choices: borrowing Span<AnswerPart.Choice>, at index: Int, to events: inout [ProviderEvent]) {
        tellPrompt(PromptTokens(ids: choices[index].promptTokenIDs, logprobs: choices[index].promptLogprobs), to: &events)
        if let ids = choices[index].tokenIDs, !ids.isEmpty { events.append(.tokenIDs(choice: choices[index].index, ids: ids)) }
        if let logprobs = choices[index].logprobs, !logprobs.tokens.isEmpty { isExpecting = true }
    }

    /// Takes in the log-probabilities of a choice and appends those whose places are certain.
    private mutating func place(_ choices: borrowing Span<AnswerPart.Choice>, at index: Int, to events: inout [ProviderEvent]) {
        let choice = choices[index].index
        let tokens = choices[index].logprobs?.tokens ?? []
        // Taken out while it changes, and looked for once.
        var aligner: TokenAligner
        if let taken = aligners.take(choice) {
            aligner = taken
        } else if tokens.isEmpty {
            return
        } else {
            aligner = TokenAligner()
        }
        var placed: [TokenLogprob] = []
        if !tokens.isEmpty {
            placed.reserveCapacity(tokens.count)
            let ids = Self.ids(of: tokens.count, in: choices, at: index)
            let told = tokens.span
            for index in told.indices { Self.add(told, at: index, id: ids?[index], choice, to: &aligner, &placed) }
        }
        var isOver = false
        if case .some = choices[index].finishReason { isOver = true }
        aligner.take(isOver: isOver, to: &placed)
        aligners[choice] = aligner
        if !placed.isEmpty { events.append(.logprobs(placed)) }
    }

    private static func add(
        _ tokens: borrowing Span<TokenLogprobs.Token>, at index: Int, id: Int?, _ choice: Int, to aligner: inout TokenAligner,
        _ placed: inout [TokenLogprob]
    ) {
        // What goes by its id has another text than its name.
        if tokens[index].told.idInName == nil, let place = aligner.follow(tokens[index].told.text) {
            placed.append(TokenLogprob(tokens, at: index, id: id, choice: choice, place: place))
        } else {
            let value = TokenLogprob(tokens, at: index, id: id, choice: choice, place: nil)
            aligner.add(TokenAligner.Token(value: value, text: tokens[index].told.said))
        }
    }

    /// The answer is over, or broke off: appends what is left.
    mutating func finish(to events: inout [ProviderEvent]) {
        for choice in aligners.numbers {
            var placed: [TokenLogprob] = []
            aligners[choice]?.take(isOver: true, to: &placed)
            if !placed.isEmpty { events.append(.logprobs(placed)) }
        }
    }

    private mutating func follow(_ events: borrowing Span<ProviderEvent>, at index: Int) {
        switch events[index] {
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

    /// The ids of a part's tokens, where the ids beside them are those of the same tokens: of an echoed prompt, its own come first.
    private static func ids(of count: Int, in choices: borrowing Span<AnswerPart.Choice>, at index: Int) -> [Int]? {
        let (prompt, own) = (choices[index].promptTokenIDs, choices[index].tokenIDs)
        if own?.count == count { return own }
        if own == nil && prompt == nil { return nil }
        let ids = (prompt ?? []) + (own ?? [])
        return ids.count == count ? ids : nil
    }
}
