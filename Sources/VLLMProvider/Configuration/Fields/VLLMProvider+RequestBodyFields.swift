import Configuration
import JSON

extension VLLMProvider {
    /// How the server handles a request, and what else a request holds.
    static let requestBodyFields = [
        ConfigurationField(
            "request_priority", .int,
            documentation: "vLLM's priority: the lowest goes first, where the server runs with --scheduling-policy priority."),
        ConfigurationField(
            "cache_salt", .string,
            documentation:
                "Shares the prefix cache with requests of the same salt alone (vLLM 0.9 and later, over completions 0.10 and later)."),
        ConfigurationField("user", .string, documentation: "The end user, in OpenAI's words; vLLM makes no use of it."),
        ConfigurationField(
            "stream_interval", .int, range: .atLeast(1), documentation: "How many tokens make one chunk of a stream (vLLM 0.27 and later)."),
        ConfigurationField(
            "echo", .bool, documentation: "Puts the prompt in front of the answer; in a chat the message that the answer goes on with."),
        ConfigurationField(
            "suffix", .string, documentation: "What comes after the answer, for models that fill in the middle. Over completions only."),
        ConfigurationField(
            "kv_transfer_params", .object, documentation: "For a connector that moves the key-value cache (vLLM 0.9 and later)."),
        ConfigurationField(
            "ec_transfer_params", .object, documentation: "For a connector that moves the encoder cache (vLLM 0.26 and later)."),
        ConfigurationField(
            "vllm_xargs", .object, documentation: "Arguments for extensions of the server (vLLM 0.9.2 and later)."),
        ConfigurationField(
            "extra_body", .object,
            documentation:
                "Any other members of the request's JSON, a call's over the configured ones; those that are options here count as these."),
    ]
}
