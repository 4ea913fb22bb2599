import Configuration
import JSON

extension VLLMProvider {
    /// How messages become a prompt, and how the model reasons.
    static let templateFields = [
        ConfigurationField("enable_thinking", .bool, documentation: "Whether the model thinks first, where its chat template can be told."),
        ConfigurationField(
            // The values of vLLM 0.32; over completions, where they are the template's affair, the server does not check them.
            "reasoning_effort", .choice(["none", "minimal", "low", "medium", "high", "xhigh", "max"]),
            documentation: "How much the model is to reason (in a chat vLLM 0.10.1 and later, which refuses values newer than itself)."),
        ConfigurationField("include_reasoning", .bool, documentation: "false leaves the model's thoughts out of the answer."),
        ConfigurationField(
            "thinking_token_budget", .int, range: .atLeast(-1),
            documentation: "The most tokens of thinking; -1 for no limit (vLLM 0.19 and later, over completions 0.22 and later)."),
        ConfigurationField(
            "chat_template", .string, documentation: "A Jinja template in place of the model's own, where the server takes one."),
        ConfigurationField("chat_template_kwargs", .object, documentation: "Variables for the chat template, such as enable_thinking."),
        ConfigurationField(
            "add_generation_prompt", .bool, documentation: "Whether the prompt ends with the opening of an answer; by default yes."),
        ConfigurationField(
            "continue_final_message", .bool, documentation: "Leaves the last message open, for the model to go on with it."),
        ConfigurationField(
            "add_special_tokens", .bool, documentation: "Adds special tokens to the prompt's; by default only to one without a template."),
        ConfigurationField("documents", .objectList, documentation: "Documents for templates that read them: [{title: …, text: …}]."),
        ConfigurationField(
            "mm_processor_kwargs", .object,
            documentation: "Arguments for the model's processor of media, where the server trusts requests to bring them."),
        ConfigurationField(
            "media_io_kwargs", .object,
            documentation: "Arguments for loading media, by modality, where the server trusts requests (vLLM 0.18 and later)."),
        ConfigurationField(
            "truncate_prompt_tokens", .int, range: .atLeast(-1),
            documentation: "Cuts the prompt to this many tokens; -1 to as many as the model takes."),
        ConfigurationField(
            "truncation_side", .choice(["left", "right"]), documentation: "Which end of the prompt is cut off (vLLM 0.22 and later)."),
    ]
}
