import ProviderKit
import Testing

@Suite("What a call costs")
struct PricingTests {
    private func usage(_ input: Int, _ output: Int, read: Int? = nil, written: Int? = nil) -> Usage {
        var usage = Usage(inputTokens: input, outputTokens: output)
        (usage.cacheReadTokens, usage.cacheWriteTokens) = (read, written)
        return usage
    }

    @Test("is exact to the last digit")
    func exact() {
        let pricing = Pricing(inputPerMillion: 0.15, outputPerMillion: 0.6)
        #expect(pricing.costUSD(of: usage(1000, 500)) == "0.00045")
        // In binary floating point: 0.30000000000000004.
        #expect(pricing.costUSD(of: usage(1_000_000, 250_000)) == "0.3")
        #expect(Pricing(inputPerMillion: 0.1, outputPerMillion: 0.7).costUSD(of: usage(1, 3)) == "0.0000022")
        #expect(Pricing(inputPerMillion: 1e-7, outputPerMillion: 0).costUSD(of: usage(1, 3)) == "0.0000000000001")
        #expect(Pricing(inputPerMillion: 3, outputPerMillion: 15).costUSD(of: usage(0, 0)) == "0")
    }

    @Test("of input tokens, which include the cached ones, the cached ones have their own price where there is one")
    func cached() {
        var pricing = Pricing(inputPerMillion: 2, outputPerMillion: 0)
        #expect(pricing.costUSD(of: usage(1000, 7, read: 400, written: 100)) == "0.002")
        pricing.cacheReadPerMillion = 0.5
        #expect(pricing.costUSD(of: usage(1000, 7, read: 400, written: 100)) == "0.0014")
        pricing.cacheWritePerMillion = 4
        #expect(pricing.costUSD(of: usage(1000, 7, read: 400, written: 100)) == "0.0016")
    }

    @Test("more cached tokens than there are, as a server may claim, do not make it less than nothing")
    func hostile() {
        let pricing = Pricing(inputPerMillion: 1, outputPerMillion: 1, cacheReadPerMillion: 0.5)
        #expect(pricing.costUSD(of: usage(10, 0, read: .max, written: .max)) == "0.000005")
        #expect(pricing.costUSD(of: usage(10, 0, read: .min)) == "0.00001")
    }

    @Test("in another currency than dollars, or with numbers beyond reason, is unknown")
    func unknown() {
        #expect(Pricing(inputPerMillion: 1, outputPerMillion: 1, currency: "EUR").costUSD(of: usage(1, 1)) == nil)
        #expect(Pricing(inputPerMillion: 1e300, outputPerMillion: 1).costUSD(of: usage(1, 1)) == nil)
        #expect(Pricing(inputPerMillion: 1e30, outputPerMillion: 1).costUSD(of: usage(.max, 1)) == nil)
        #expect(Pricing(inputPerMillion: .nan, outputPerMillion: 1).costUSD(of: usage(1, 1)) == nil)
    }
}
