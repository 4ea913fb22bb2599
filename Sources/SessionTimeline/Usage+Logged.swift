import JSON
import ProviderKit

extension Usage {
    /// Reads the usage of an event, also in the words of other providers: `input_tokens`, `prompt_tokens` or `input`, and so on. What
    /// Amplifier's kernel makes of an object of Python's (`input_tokens=5 output_tokens=3 …`) is read, too.
    /// - Returns: `nil` where neither count is there.
    init?(logged value: JSONValue?) {
        guard let value, let members = value.object ?? value.string.map(Self.members(ofText:)) else { return nil }
        func count(_ paths: [String]...) -> Int? {
            for path in paths {
                let found = path.reduce(JSONValue.object(members) as JSONValue?) { $0?[$1] }
                if let count = found?.int { return max(count, 0) }
            }
            return nil
        }
        let input = count(["input_tokens"], ["prompt_tokens"], ["input"])
        let output = count(["output_tokens"], ["completion_tokens"], ["output"])
        guard input != nil || output != nil else { return nil }
        self.init(inputTokens: input ?? 0, outputTokens: output ?? 0)
        if let total = count(["total_tokens"]) { totalTokens = total }
        reasoningTokens = count(
            ["reasoning_tokens"], ["completion_tokens_details", "reasoning_tokens"], ["output_tokens_details", "reasoning_tokens"])
        cacheReadTokens = count(
            ["cache_read_tokens"], ["cache_read_input_tokens"], ["cached_tokens"], ["cache_read"],
            ["prompt_tokens_details", "cached_tokens"], ["input_tokens_details", "cached_tokens"])
        cacheWriteTokens = count(["cache_write_tokens"], ["cache_creation_input_tokens"], ["cache_write"])
        multimodalTokens = count(["multimodal_tokens"])
        costUSD = members["cost_usd"]?.string ?? members["cost_usd"]?.number?.literal
    }

    private static func members(ofText text: String) -> JSONObject {
        var members = JSONObject()
        for part in text.split(separator: " ") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            members[String(pair[0])] = Int(pair[1]).map { .integer($0) } ?? .string(Self.unwrapped(pair[1]))
        }
        return members
    }

    /// The number in `Decimal('0.1')`.
    private static func unwrapped(_ text: Substring) -> String {
        String(text.hasPrefix("Decimal('") ? text.dropFirst(9).prefix { $0 != "'" } : text)
    }
}
