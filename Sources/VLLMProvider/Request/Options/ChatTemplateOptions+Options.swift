import JSON
import VLLMClient

extension ChatTemplateOptions {
    /// The names under which chat templates know whether the model thinks. A template does not see the variables that it does not use.
    private static let thinkingSwitches = ["enable_thinking", "thinking"]

    /// How messages become a prompt.
    init(_ options: OptionReader) throws(OptionProblem) {
        self.init()
        addGenerationPrompt = options.bool("add_generation_prompt")
        continueFinalMessage = options.bool("continue_final_message")
        addSpecialTokens = options.bool("add_special_tokens")
        chatTemplate = options.string("chat_template")
        chatTemplateKwargs = Self.kwargs(options)
        mediaIOKwargs = options.merged("media_io_kwargs")
        mmProcessorKwargs = options.merged("mm_processor_kwargs")
        guard continueFinalMessage == true else { return }
        guard addGenerationPrompt != true else {
            throw OptionProblem("continue_final_message", "add_generation_prompt begins a new message", hint: "leave one of them out")
        }
        // The server's default is true, and it refuses both.
        addGenerationPrompt = false
    }

    /// The template's variables: what the call says of them over what the configuration says, and in each what is said of a variable by
    /// its own name over what another option says of it.
    private static func kwargs(_ options: OptionReader) -> JSONObject? {
        var kwargs: JSONObject = [:]
        for layer in options.layers {
            // The server turns thinking off for this effort, unless a variable says otherwise (vLLM 0.32).
            if layer["reasoning_effort"] == "none" { for name in thinkingSwitches { kwargs.removeValue(forKey: name) } }
            if let thinks = layer["enable_thinking"] { for name in thinkingSwitches { kwargs[name] = thinks } }
            if let own = layer["chat_template_kwargs"]?.object { kwargs.merge(own) }
        }
        return kwargs.isEmpty ? nil : kwargs
    }

    /// The same for an endpoint that knows neither `reasoning_effort` nor `documents`: as what they are to the template, variables. The
    /// chat endpoint makes the same of them (vLLM 0.32).
    func adding(reasoningEffort: String?, documents: [JSONObject]?) -> ChatTemplateOptions {
        var kwargs: JSONObject = [:]
        if let reasoningEffort { kwargs["reasoning_effort"] = .string(reasoningEffort) }
        if reasoningEffort == "none" { for name in Self.thinkingSwitches { kwargs[name] = false } }
        if let documents { kwargs["documents"] = .array(documents.map { .object($0) }) }
        kwargs.merge(chatTemplateKwargs ?? [:])
        var template = self
        template.chatTemplateKwargs = kwargs.isEmpty ? nil : kwargs
        return template
    }
}
