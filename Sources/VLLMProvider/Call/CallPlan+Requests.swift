import JSON
import VLLMClient

extension CallPlan {
    /// The request to the chat endpoint.
    @inline(never)
    func chatRequest(model: String?) -> ChatCompletionRequest {
        var body = ChatCompletionRequest(model: model, messages: messages)
        body.tools = tools
        if !tools.isEmpty {
            body.toolChoice = options.toolChoice
            body.parallelToolCalls = options.callsToolsInParallel
        }
        body.sampling = options.sampling
        if dialect.usesMaxCompletionTokens {
            body.maxCompletionTokens = body.sampling.maxTokens
            body.sampling.maxTokens = nil
        }
        body.reasoningEffort = options.reasoningEffort
        // A server that is to keep thoughts to itself takes what it holds to a shape for a thought, and answers nothing (vLLM 0.32): with a
        // shape the thoughts are left out here.
        if !options.hasShape, !needsReasoning { body.includeReasoning = options.includesReasoning }
        body.template = options.template
        body.documents = options.documents
        body.echo = options.echoes
        if let count = options.logprobs {
            body.logprobs = true
            body.topLogprobs = count
        }
        body.options = options.handling
        if let shape = body.sampling.structuredOutputs, usesOlderConstraints {
            body.sampling.structuredOutputs = nil
            body.extra = shape.guidedFields
        }
        body.extra.merge(options.extraBody)
        return body
    }

    /// The request to the completions endpoint.
    @inline(never)
    func completionRequest(model: String?, prompt: PromptRenderer.Prompt) -> CompletionRequest {
        var body = CompletionRequest(model: model, prompt: prompt.prompt)
        body.suffix = options.suffix
        body.echo = options.echoes
        body.sampling = options.sampling
        // Without a number the server generates 16 tokens: where none is configured, all the room there is.
        body.sampling.maxTokens = options.sampling.maxTokens ?? prompt.room
        // The markers of calls are special tokens in some formats, which the server leaves out of the text; it leaves the token that ends
        // the answer out in any case (vLLM 0.32).
        if let format = toolCallFormat(model: model ?? "", prompt: prompt), format.hasSpecialTokens {
            body.sampling.skipSpecialTokens = body.sampling.skipSpecialTokens ?? false
        }
        body.logprobs = options.logprobs
        // Token ids are taken as they are; a text gets what the template would have given it.
        if case .text = prompt.prompt { body.addSpecialTokens = options.template.addSpecialTokens }
        body.options = options.handling
        body.extra = options.extraBody
        return body
    }

    /// How the server makes the prompt of a completion: as it would make that of the chat.
    var rendering: ChatTemplateOptions {
        var template = options.template.adding(reasoningEffort: options.reasoningEffort, documents: options.documents)
        template.addGenerationPrompt = template.addGenerationPrompt ?? true
        return template
    }
}
