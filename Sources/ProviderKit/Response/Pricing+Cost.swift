extension Pricing {
    /// What a call cost in US dollars: exact, as a decimal number in text. `nil` where the prices are in another currency, since
    /// `cost_usd` knows no other, and where a number is beyond reason.
    ///
    /// `input_tokens` is gross: of it, the tokens found in the cache cost `cache_read_per_million` and those put into it
    /// `cache_write_per_million`; where there is no such price, they cost what the others do.
    public func costUSD(of usage: Usage) -> String? {
        guard currency == "USD" else { return nil }
        // A server may claim more cached tokens than the prompt has.
        let read = max(0, min(usage.cacheReadTokens ?? 0, usage.inputTokens))
        let written = max(0, min(usage.cacheWriteTokens ?? 0, usage.inputTokens - read))
        let items = [
            (usage.inputTokens - read - written, inputPerMillion), (read, cacheReadPerMillion ?? inputPerMillion),
            (written, cacheWritePerMillion ?? inputPerMillion), (usage.outputTokens, outputPerMillion),
        ]
        var total = ExactDecimal(0)
        for (count, price) in items {
            // A double's shortest spelling is the number that was written into the configuration.
            guard let sum = ExactDecimal(price.description)?.times(count)?.millionth.flatMap(total.plus) else { return nil }
            total = sum
        }
        return total.text
    }
}
