import Configuration
import JSON

extension VLLMProvider {
    /// How messages become a prompt, and how the model reasons.
    static let templateFields = [
        ConfigurationField(
            "reasoning_effort", .string, documentation: "How much the model is to reason: none, minimal, low, medium, high, …"),
        ConfigurationField("chat_template_kwargs", .object, documentation: "Variables for the chat template, such as enable_thinking."),
    ]
}
