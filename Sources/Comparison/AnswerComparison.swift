import JSON
public import ProviderKit

/// Two answers side by side: one choice of each, where a call asked for several (`n`).
public struct AnswerComparison: Sendable {
    /// Which choice, from 0.
    public let choice: Int
    /// The texts.
    public let text: TextDiff
    /// The reasoning.
    public let thinking: TextDiff
    /// The tokens, markup and reasoning included; `nil` unless both answers have log-probabilities.
    public let tokens: TextDiff?
    /// The tool calls.
    public let toolCalls: [ToolCallComparison]
    /// Why the old answer ended.
    public let oldFinishReason: String?
    /// Why the new answer ended.
    public let newFinishReason: String?
    /// Where reasoning or text first differ; `nil` where they do not.
    public let divergence: TextDivergence?
    /// Where different tokens were chosen; `nil` where none were, or it is not known.
    public let tokenDivergence: TokenDivergence?
    /// How far the probabilities are apart; `nil` unless both answers have log-probabilities.
    public let drift: LogprobDrift?

    /// Compares a choice of two answers.
    public init(choice: Int = 0, old: ChatResponse, new: ChatResponse) {
        self.choice = choice
        let (oldBlocks, newBlocks) = (old.content.filter { $0.choice == choice }, new.content.filter { $0.choice == choice })
        let (oldText, newText) = (old.text(choice: choice), new.text(choice: choice))
        let (oldThinking, newThinking) = (oldBlocks.compactMap(\.thinking).joined(), newBlocks.compactMap(\.thinking).joined())
        text = TextDiff(old: oldText, new: newText)
        thinking = TextDiff(old: oldThinking, new: newThinking)
        toolCalls = ToolCallComparison.matching(oldBlocks.compactMap(\.toolCall), newBlocks.compactMap(\.toolCall))
        oldFinishReason = Self.finishReason(of: choice, in: old)
        newFinishReason = Self.finishReason(of: choice, in: new)
        divergence =
            TextDivergence(.thinking, old: oldThinking, new: newThinking) ?? TextDivergence(.text, old: oldText, new: newText)
        if let oldTokens = old.logprobs?.filter({ $0.choice == choice }), let newTokens = new.logprobs?.filter({ $0.choice == choice }) {
            tokens = TextDiff(oldTokens: oldTokens.map(\.token), newTokens: newTokens.map(\.token))
            tokenDivergence = TokenDivergence(old: oldTokens, new: newTokens)
            drift = LogprobDrift(old: oldTokens, new: newTokens)
        } else {
            tokens = nil
            tokenDivergence = nil
            drift = nil
        }
    }

    /// In what the answers differ.
    public var differences: Set<ComparedAspect> {
        var result: Set<ComparedAspect> = []
        if !text.isSame { result.insert(.text) }
        if !thinking.isSame { result.insert(.thinking) }
        if !toolCalls.allSatisfy(\.isSame) { result.insert(.toolCalls) }
        if oldFinishReason != newFinishReason { result.insert(.finishReason) }
        return result
    }

    private static func finishReason(of choice: Int, in response: ChatResponse) -> String? {
        let told = response.metadata?["vllm:choices"]?.array?.first { $0["index"]?.int == choice }?["finish_reason"]?.string
        return told ?? (choice == 0 ? response.finishReason : nil)
    }
}
