import JSON
import VLLMClient

/// The parts of a round that broke off, and what they took: a server tells that at the end of an answer, which they have not come to.
///
/// The prompt of what goes on is that of the first part and the tokens of all that came, but for white space, which is made anew.
struct BrokenParts {
    /// Whether the server has told what the part took that broke off last.
    var isTold = false
    private var parts: [(tokens: Int?, isTold: Bool)] = []

    /// The round goes on behind so many of its tokens; `nil` where nobody has counted them.
    mutating func add(tokens: Int?) { parts.append((tokens, isTold)) }

    /// What the parts took.
    /// - Parameter last: what the part took that did not break off.
    /// - Returns: what is known of it, and whether that is all.
    func usage(before last: CompletionUsage?) -> (usage: CompletionUsage?, isComplete: Bool) {
        let prompt = Self.difference(last?.promptTokens, parts.last?.tokens)
        var sum: CompletionUsage?
        var isComplete = true
        var tokensBefore: Int? = 0
        for part in parts {
            defer { tokensBefore = part.tokens }
            guard !part.isTold else { continue }
            if var usage = last, let prompt, let before = tokensBefore, let tokens = Self.difference(part.tokens, before),
                let all = Self.sum(prompt, before), let total = Self.sum(all, tokens)
            {
                (usage.promptTokens, usage.completionTokens, usage.totalTokens) = (all, tokens, total)
                (usage.cachedTokens, usage.createdCacheTokens, usage.multimodalTokens, usage.reasoningTokens) = (nil, nil, nil, nil)
                usage.additional = [:]
                sum = CompletionUsage.sum(sum, usage)
            } else {
                isComplete = false
            }
        }
        return (sum, isComplete)
    }

    private static func difference(_ left: Int?, _ right: Int?) -> Int? {
        guard let left, let right else { return nil }
        let (difference, overflows) = left.subtractingReportingOverflow(right)
        return overflows || difference < 0 ? nil : difference
    }

    private static func sum(_ left: Int, _ right: Int) -> Int? {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? nil : sum
    }
}
