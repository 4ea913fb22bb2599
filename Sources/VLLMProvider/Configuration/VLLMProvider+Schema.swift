public import Configuration
import JSON

extension VLLMProvider {
    /// What a session asks for when the server's address is missing: the seed module's own words.
    static let missingBaseURL = "No base_url found for vLLM provider - this is required"

    /// Every key of the provider's configuration, by what it is about.
    public static let schemaSections: [(title: String, fields: [ConfigurationField])] = [
        ("The server", connectionFields),
        ("Servers", serverFields),
        ("The API key", credentialFields),
        ("The endpoint", endpointFields),
        ("Retries", retryFields),
        ("Limits", limitFields),
        ("Limits of what a server sends", sizeFields),
        ("Sampling", samplingFields),
        ("Messages", messageFields),
        ("The shape of the answer", shapeFields),
        ("Prompt and reasoning", templateFields),
        ("Markup in the answer", markupFields),
        ("The request", requestBodyFields),
        ("Costs", costFields),
        ("Records", recordFields),
    ]

    /// The keys that say how an answer is generated.
    static let generationKeys = [samplingFields, shapeFields, templateFields, markupFields, requestBodyFields, [continuationField]]
        .joined().map(\.key)

    /// The keys that a call may set for itself (`options`), which has `model` and `request_id` beside them.
    public static let callOptionKeys: [String] =
        generationKeys + TimeLimits.keys + RetryPolicy.keys + [
            "use_completions", "use_streaming", "prompt_format", "developer_role", "headers",
        ]

    /// Every key of the provider's configuration.
    public static let schema = ConfigurationSchema(name: "provider-vllm", fields: schemaSections.flatMap(\.fields))
}
