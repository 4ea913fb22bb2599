import JSON
import VLLMClient

extension CompletionUsage {
    /// What two rounds took together; what only one of them tells counts alone.
    static func sum(_ left: CompletionUsage?, _ right: CompletionUsage?) -> CompletionUsage? {
        guard var sum = left, let right else { return left ?? right }
        sum.promptTokens = add(sum.promptTokens, right.promptTokens)
        sum.completionTokens = add(sum.completionTokens, right.completionTokens)
        sum.totalTokens = add(sum.totalTokens, right.totalTokens)
        sum.cachedTokens = add(sum.cachedTokens, right.cachedTokens)
        sum.createdCacheTokens = add(sum.createdCacheTokens, right.createdCacheTokens)
        sum.multimodalTokens = add(sum.multimodalTokens, right.multimodalTokens)
        sum.reasoningTokens = add(sum.reasoningTokens, right.reasoningTokens)
        // What is not known cannot be added: the last round's word counts.
        sum.additional.merge(right.additional)
        return sum
    }

    private static func add(_ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return left ?? right }
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? .max : sum
    }
}
