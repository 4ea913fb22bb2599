import Configuration
import JSON

extension VLLMProvider {
    /// How the server is asked.
    static let endpointFields = [
        ConfigurationField(
            "use_completions", .bool, default: true,
            documentation: "true asks /v1/completions, false /v1/chat/completions."),
        ConfigurationField(
            "prompt_format", .choice(["template", "plain"]), default: "template",
            documentation: "How a conversation becomes the prompt of a completion: by the model's chat template, or as [ROLE] lines."),
        ConfigurationField(
            "dialect", .string, default: "auto",
            documentation:
                "What the server understands: that of a vLLM version such as 0.11.2, openai for another server, or auto to ask it."),
        ConfigurationField(
            "use_streaming", .bool, default: true, documentation: "Whether answers are streamed from the server."),
    ]
}
