import JSON
import ProviderKit
import VLLMClient

extension Usage {
    /// vLLM's counts in the contract's words, with what they cost; `nil` where the server told none.
    ///
    /// Over completions vLLM tells no reasoning tokens (0.32): they stay unknown.
    init?(_ usage: CompletionUsage, pricing: Pricing?) {
        guard let input = usage.promptTokens else { return nil }
        self.init(inputTokens: input, outputTokens: usage.completionTokens ?? 0, additional: usage.additional)
        totalTokens = usage.totalTokens.map { max($0, 0) } ?? totalTokens
        reasoningTokens = usage.reasoningTokens
        cacheReadTokens = usage.cachedTokens
        cacheWriteTokens = usage.createdCacheTokens
        multimodalTokens = usage.multimodalTokens
        costUSD = pricing?.costUSD(of: self)
    }
}
