public import Configuration
import JSON

extension VLLMProvider {
    /// What a session asks for when the server's address is missing: the seed module's own words.
    static let missingBaseURL = "No base_url found for vLLM provider - this is required"

    /// Every key of the provider's configuration, by what it is about.
    public static let schemaSections: [(title: String, fields: [ConfigurationField])] = [
        ("The server", connectionFields),
        ("The endpoint", endpointFields),
        ("Sampling", samplingFields),
        ("Prompt and reasoning", templateFields),
        ("The request", requestBodyFields),
        ("Records", recordFields),
    ]

    /// Every key of the provider's configuration.
    public static let schema = ConfigurationSchema(name: "provider-vllm", fields: schemaSections.flatMap(\.fields))
}
