import Configuration
import JSON

extension VLLMProvider {
    /// Which tokens are generated, and what is told of them.
    static let samplingFields = [
        ConfigurationField(
            "max_tokens", .int, default: 1024, range: .atLeast(1), documentation: "The most tokens of an answer."),
        ConfigurationField(
            "temperature", .number, default: 0.7, range: .between(0, 2), documentation: "How freely tokens are drawn; 0 is greedy."),
        ConfigurationField(
            "top_p", .number, range: .between(0, 1), documentation: "Draws from the likeliest tokens that make up this probability."),
        ConfigurationField("top_k", .int, range: .atLeast(-1), documentation: "Draws from this many of the likeliest tokens."),
        ConfigurationField(
            "min_p", .number, range: .between(0, 1),
            documentation: "Leaves out tokens less likely than this share of the likeliest one's probability."),
        ConfigurationField("seed", .int, documentation: "The seed of the draw."),
        ConfigurationField("n", .int, range: .atLeast(1), documentation: "How many answers to give."),
        ConfigurationField("stop", .stringList, documentation: "Texts that end the answer."),
        ConfigurationField(
            "presence_penalty", .number, range: .between(-2, 2), documentation: "Lowers tokens that were generated at all."),
        ConfigurationField(
            "frequency_penalty", .number, range: .between(-2, 2), documentation: "Lowers tokens by how often they were generated."),
        ConfigurationField(
            "repetition_penalty", .number, range: .above(0), documentation: "Divides the score of tokens that were there before."),
        ConfigurationField(
            "logprobs", .int, range: .atLeast(0),
            documentation: "Tells each token's log-probability, and this many of the likeliest alternatives."),
    ]
}
