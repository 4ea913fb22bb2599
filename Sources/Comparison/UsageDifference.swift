public import ProviderKit

/// A count of tokens that differs between two answers.
public struct UsageDifference: Sendable, Hashable {
    /// Which count, as `Usage` names it in JSON: `output_tokens`.
    public var name: String
    /// The old count; `nil` where it was not told.
    public var old: Int?
    /// The new count; `nil` where it was not told.
    public var new: Int?

    /// A difference.
    public init(name: String, old: Int?, new: Int?) {
        self.name = name
        self.old = old
        self.new = new
    }

    /// The counts that differ.
    public static func between(_ old: Usage?, _ new: Usage?) -> [UsageDifference] {
        let counts = [
            UsageDifference(name: "input_tokens", old: old?.inputTokens, new: new?.inputTokens),
            UsageDifference(name: "output_tokens", old: old?.outputTokens, new: new?.outputTokens),
            UsageDifference(name: "reasoning_tokens", old: old?.reasoningTokens, new: new?.reasoningTokens),
            UsageDifference(name: "cache_read_tokens", old: old?.cacheReadTokens, new: new?.cacheReadTokens),
            UsageDifference(name: "cache_write_tokens", old: old?.cacheWriteTokens, new: new?.cacheWriteTokens),
            UsageDifference(name: "multimodal_tokens", old: old?.multimodalTokens, new: new?.multimodalTokens),
        ]
        return counts.filter { $0.old != $0.new }
    }
}
