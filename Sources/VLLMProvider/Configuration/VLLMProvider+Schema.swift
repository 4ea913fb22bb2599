public import Configuration
import JSON

extension VLLMProvider {
    /// What a session asks for when the server's address is missing: the seed module's own words.
    static let missingBaseURL = "No base_url found for vLLM provider - this is required"

    /// A millisecond to a year: what is outside is a slip, and far outside fits no `Duration`.
    private static let timeLimits = ConfigurationRange.between(0.001, 31_536_000)

    /// Every key of the provider's configuration.
    public static let schema = ConfigurationSchema(
        name: "provider-vllm",
        fields: [
            ConfigurationField(
                "base_url", .string, environmentVariable: "VLLM_BASE_URL", requiredMessage: missingBaseURL,
                documentation: "Where the server is, with or without /v1: http://127.0.0.1:8000"),
            ConfigurationField(
                "api_key", .secret, default: "EMPTY", environmentVariable: "VLLM_API_KEY",
                documentation: "The key that the server was started with (--api-key)."),
            ConfigurationField(
                "default_model", .string,
                documentation: "The model to ask; without it, the only one that the server has."),
            ConfigurationField(
                "use_completions", .bool, default: true,
                documentation: "true asks /v1/completions, false /v1/chat/completions."),
            ConfigurationField(
                "prompt_format", .choice(["template", "plain"]), default: "template",
                documentation: "How a conversation becomes the prompt of a completion: by the model's chat template, or as [ROLE] lines."),
            ConfigurationField(
                "use_streaming", .bool, default: true, documentation: "Whether answers are streamed from the server."),
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
            ConfigurationField(
                "reasoning_effort", .string, documentation: "How much the model is to reason: none, minimal, low, medium, high, …"),
            ConfigurationField("chat_template_kwargs", .object, documentation: "Variables for the chat template, such as enable_thinking."),
            ConfigurationField("extra_body", .object, documentation: "Any other members of the request's JSON."),
            ConfigurationField(
                "timeout", .seconds, default: 300.0, range: timeLimits, documentation: "The time for a whole call."),
            ConfigurationField(
                "connect_timeout", .seconds, default: 10.0, range: timeLimits, documentation: "The time to reach the server."),
            ConfigurationField("headers", .object, documentation: "Header fields to send with every request."),
            ConfigurationField("ca_file", .string, documentation: "Certificates to trust, in PEM form, in place of the system's."),
            ConfigurationField(
                "insecure_skip_verify", .bool, default: false, documentation: "Accepts any TLS certificate. For tests only."),
            ConfigurationField(
                "proxy", .string, documentation: "The proxy's URL; without it HTTP_PROXY, HTTPS_PROXY and NO_PROXY count."),
            ConfigurationField(
                "priority", .int, default: 100, documentation: "Which provider a session takes: the one with the lowest number."),
            ConfigurationField("debug", .bool, default: false, documentation: "Records requests and answers, long texts cut."),
            ConfigurationField(
                "raw_debug", .bool, default: false, documentation: "With debug: also records them whole."),
            ConfigurationField(
                "debug_truncate_length", .int, default: 180, range: .atLeast(0),
                documentation: "Where texts are cut in debug records, in characters."),
        ])
}
