import JSON
import VLLMClient

extension CallPlan {
    /// What the text of the answer may hold besides text.
    ///
    /// In a chat the server parses calls by itself, and what it leaves in the text is looked at all the same: a server without a parser,
    /// and one whose parser did not find the end of a call, leaves the markup there (vLLM 0.32, `tool_cut_by_length`).
    /// - Parameter prompt: the prompt of a completion.
    func markup(model: String, prompt: PromptRenderer.Prompt? = nil) -> AnswerReader.Markup {
        var markup = AnswerReader.Markup(tools: offeredTools, omitsThinking: omitsThinking)
        markup.repairsToolCalls = options.markup.repairsToolCalls
        markup.stopTokenIDs = Set(options.sampling.stopTokenIDs ?? [])
        markup.format = toolCallFormat(model: model, prompt: prompt)
        // What is echoed is the prompt, with the tags of earlier turns.
        markup.splitsThinking = options.markup.thinking != .none && !(prompt != nil && options.echoes == true)
        guard markup.splitsThinking else { return markup }
        switch (options.markup.thinking, begunText) {
        case (.open, _): markup.startsInThinking = true
        case (_, let text?): markup.startsInThinking = Self.endsInThinking(text)
        default: markup.startsInThinking = prompt?.startsInThinking ?? false
        }
        return markup
    }

    /// Whether the format of tool calls has to be found in the prompt.
    var searchesFormat: Bool { parsesToolCalls && options.markup.toolCallParser == .auto }

    /// How the model writes tool calls into its text; `nil` where none are looked for.
    func toolCallFormat(model: String, prompt: PromptRenderer.Prompt? = nil) -> ToolCallFormat? {
        guard parsesToolCalls else { return nil }
        switch options.markup.toolCallParser {
        case .none: return nil
        case .format(let format): return format
        case .auto: return prompt?.format ?? ToolCallFormat(modelName: model)
        }
    }
}
