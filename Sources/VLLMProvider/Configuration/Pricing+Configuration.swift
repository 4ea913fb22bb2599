import Configuration
import JSON
import ProviderKit

extension Pricing {
    /// The prices of a configuration; `nil` where it has none.
    /// - Throws: `ConfigurationError` with everything that is wrong; an unknown key too, since a price that is not heard of would be a wrong
    ///   bill.
    init?(_ values: ConfigurationValues) throws(ConfigurationError) {
        guard let given = values.object("pricing") else { return nil }
        let node = ConfigurationNode(json: .object(given), origin: values.origin(of: "pricing") ?? .default)
        let (prices, found) = VLLMProvider.pricing.resolve(node, path: values.keyPath(of: "pricing"))
        var issues = found.map { issue in
            var issue = issue
            issue.severity = .error
            return issue
        }
        let currency = prices.string("currency") ?? "USD"
        if currency.utf8.count != 3 || !currency.utf8.allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }) {
            issues.append(prices.issue(for: "currency", "expected three capital letters, found \"\(currency)\"", hint: "such as USD"))
        }
        guard issues.isEmpty, let input = prices.double("input_per_million"), let output = prices.double("output_per_million") else {
            throw ConfigurationError(issues)
        }
        self.init(
            inputPerMillion: input, outputPerMillion: output, cacheReadPerMillion: prices.double("cache_read_per_million"),
            cacheWritePerMillion: prices.double("cache_write_per_million"), currency: currency)
    }
}
