import Configuration
import JSON

extension VLLMProvider {
    /// What calls cost.
    static let costFields = [
        ConfigurationField(
            "pricing", .object,
            documentation:
                "What a million tokens cost: `input_per_million`, `output_per_million` and, where they have their own prices, "
                + "`cache_read_per_million` and `cache_write_per_million`; `currency` is `USD` by default. With prices in US dollars the "
                + "usage has `cost_usd`; prices in another currency are shown with the models and reckon nothing.")
    ]

    /// The members of `pricing`.
    static let pricing = ConfigurationSchema(
        name: "pricing",
        fields: [
            ConfigurationField(
                "input_per_million", .number, range: prices, requiredMessage: "the price of a million prompt tokens is missing",
                documentation: "What a million prompt tokens cost."),
            ConfigurationField(
                "output_per_million", .number, range: prices, requiredMessage: "the price of a million answer tokens is missing",
                documentation: "What a million answer tokens cost."),
            ConfigurationField(
                "cache_read_per_million", .number, range: prices, documentation: "What a million prompt tokens from the cache cost."),
            ConfigurationField(
                "cache_write_per_million", .number, range: prices, documentation: "What a million prompt tokens put into the cache cost."),
            ConfigurationField("currency", .string, default: "USD", documentation: "The currency of the prices: three letters."),
        ])

    /// More for a million tokens is a slip.
    private static let prices = ConfigurationRange.between(0, 1_000_000)
}
