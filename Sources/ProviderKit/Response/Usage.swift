public import JSON

/// How many tokens a call took.
public struct Usage: ContractCodable {
    /// Tokens of the prompt, those found in the cache included.
    public var inputTokens: Int
    /// Tokens of the answer, reasoning included.
    public var outputTokens: Int
    /// Both together.
    public var totalTokens: Int
    /// Tokens of the answer that were reasoning.
    public var reasoningTokens: Int?
    /// Tokens of the prompt found in the cache.
    public var cacheReadTokens: Int?
    /// Tokens of the prompt put into the cache.
    public var cacheWriteTokens: Int?
    /// Tokens of the prompt that stand for images, sound and video.
    public var multimodalTokens: Int?
    /// What the call cost in US dollars as a decimal number in text; `nil` means unknown, not free.
    public var costUSD: String?
    /// Members that this type does not know.
    public var additional: JSONObject

    /// Token counts; the total is their sum. What cannot be a count, as a server may send anything, is read as 0 or the largest number.
    public init(inputTokens: Int, outputTokens: Int, additional: JSONObject = [:]) {
        self.inputTokens = max(inputTokens, 0)
        self.outputTokens = max(outputTokens, 0)
        totalTokens = Self.sum(self.inputTokens, self.outputTokens)
        self.additional = additional
    }

    /// Reads a usage.
    public init(json: JSONValue) throws(ContractError) {
        var members = try MemberReader(json)
        inputTokens = try members.required("input_tokens", MemberReader.int)
        outputTokens = try members.required("output_tokens", MemberReader.int)
        totalTokens = try members.required("total_tokens", MemberReader.int)
        reasoningTokens = try members.optional("reasoning_tokens", MemberReader.int)
        cacheReadTokens = try members.optional("cache_read_tokens", MemberReader.int)
        cacheWriteTokens = try members.optional("cache_write_tokens", MemberReader.int)
        multimodalTokens = try members.optional("multimodal_tokens", MemberReader.int)
        costUSD = try members.optional("cost_usd", MemberReader.string)
        additional = members.rest
    }

    /// Adds the counts of another call. What one of the two cost is unknown: so is the sum.
    public mutating func add(_ other: Usage) {
        inputTokens = Self.sum(inputTokens, other.inputTokens)
        outputTokens = Self.sum(outputTokens, other.outputTokens)
        totalTokens = Self.sum(totalTokens, other.totalTokens)
        reasoningTokens = Self.sum(reasoningTokens, other.reasoningTokens)
        cacheReadTokens = Self.sum(cacheReadTokens, other.cacheReadTokens)
        cacheWriteTokens = Self.sum(cacheWriteTokens, other.cacheWriteTokens)
        multimodalTokens = Self.sum(multimodalTokens, other.multimodalTokens)
        costUSD = costUSD.flatMap(ExactDecimal.init).flatMap { cost in
            other.costUSD.flatMap(ExactDecimal.init).flatMap(cost.plus)?.text
        }
    }

    private static func sum(_ left: Int?, _ right: Int?) -> Int? {
        left == nil && right == nil ? nil : sum(left ?? 0, right ?? 0)
    }

    /// The sum, or the largest number where it is larger.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? .max : sum
    }

    /// The usage as JSON.
    public var json: JSONValue {
        var object: JSONObject = [
            "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens), "total_tokens": .integer(totalTokens),
        ]
        object.set("reasoning_tokens", reasoningTokens)
        object.set("cache_read_tokens", cacheReadTokens)
        object.set("cache_write_tokens", cacheWriteTokens)
        object.set("cost_usd", costUSD)
        object.set("multimodal_tokens", multimodalTokens)
        object.merge(additional)
        return .object(object)
    }
}
