public import JSON

/// How messages become a prompt: the fields that `/v1/chat/completions` and `/tokenize` share, so that both render alike.
public struct ChatTemplateOptions: Sendable, Hashable {
    /// Ends the prompt with the opening of the assistant's turn; the server's default is yes.
    public var addGenerationPrompt: Bool?
    /// Leaves the last message open so that the model goes on with it; needs `addGenerationPrompt` to be false.
    public var continueFinalMessage: Bool?
    /// Adds special tokens to those of the template.
    public var addSpecialTokens: Bool?
    /// A Jinja template in place of the model's own, where the server trusts requests to bring one.
    public var chatTemplate: String?
    /// Variables for the template, such as `enable_thinking`.
    public var chatTemplateKwargs: JSONObject?
    /// Arguments for loading media, by modality.
    public var mediaIOKwargs: JSONObject?
    /// Arguments for the model's processor of media.
    public var mmProcessorKwargs: JSONObject?

    /// Nothing set.
    public init() {}

    func write(to body: inout RequestBody) {
        body.set("add_generation_prompt", addGenerationPrompt)
        body.set("continue_final_message", continueFinalMessage)
        body.set("add_special_tokens", addSpecialTokens)
        body.set("chat_template", chatTemplate)
        body.set("chat_template_kwargs", chatTemplateKwargs)
        body.set("media_io_kwargs", mediaIOKwargs)
        body.set("mm_processor_kwargs", mmProcessorKwargs)
    }
}
