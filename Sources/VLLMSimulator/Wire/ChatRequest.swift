import JSON

/// A chat completion that is asked for, read and checked.
struct ChatRequest {
    var fields: GenerationFields
    var prompt: ChatPrompt
    var promptTokens: [Int]
    var toolChoice: ToolChoice
    var demands = TinyModel.Demands()
    var includesReasoning: Bool
    var returnsPromptText: Bool
    /// Whether the answer starts with a thought that is told apart.
    var parsesReasoning: Bool
    /// Whether the server takes answers apart at all.
    var hasParser: Bool
    var id: String

    /// Reads a request.
    init(_ body: FieldReader, request: SimulatedRequest, options: VLLMSimulator.Options) throws(WireError) {
        guard body.whole["messages"] != nil else { throw body.missing("messages") }
        try ModelCheck.name(body, options: options)
        let olderLimit = try body.int("max_tokens")
        let maxTokens = try body.int("max_completion_tokens") ?? olderLimit
        let logprobs = try Self.logprobs(body)
        prompt = try ChatPrompt(body, options: options)
        toolChoice = try ToolChoice(body, tools: prompt.tools, options: options)
        fields = try GenerationFields(body, options: options, maxTokens: maxTokens)
        fields.logprobs = logprobs
        // The parsers need the marks, which are not special here, and switch the skipping off altogether.
        if options.reasoningParser || toolChoice.parsesCalls { fields.rules.skipsSpecialTokens = false }
        let truncation = try PromptTruncation(body, hasMaxTokens: maxTokens != nil, options: options)
        if !truncation.isOn { try ModelCheck.length(of: prompt.text, options: options) }
        promptTokens = try truncation.cut(Tokenizer.tiny.encode(prompt.text))
        fields.rules.maxTokens = try ModelCheck.room(behind: promptTokens, isText: true, maxTokens: maxTokens, options: options)
        includesReasoning = try body.bool("include_reasoning") ?? true
        returnsPromptText = try body.bool("return_prompt_text") ?? false
        hasParser = options.reasoningParser || options.toolParser
        parsesReasoning = options.reasoningParser && prompt.thinks
        demands.constraint = fields.constraint
        demands.constrainsAll = fields.constraint != nil && parsesReasoning && !includesReasoning
        demands.forcedCall = toolChoice.forcedCall(tools: prompt.tools)
        demands.onlyOneCall = try body.bool("parallel_tool_calls") == false
        demands.thinkingBudget = try Self.budget(body, options: options)
        id = "chatcmpl-" + (request.header("x-request-id") ?? fields.requestID ?? WireID.make(""))
    }

    private static func logprobs(_ body: FieldReader) throws(WireError) -> Int? {
        let wanted = try body.bool("logprobs") ?? false
        if let top = body["top_logprobs"] {
            guard let count = top.int else {
                throw .parameter("top_logprobs", "`top_logprobs` must be an integer.", value: top.string ?? top.text)
            }
            guard count >= -1 else {
                throw .parameter("top_logprobs", "`top_logprobs` must be a positive value or -1.", value: "\(count)")
            }
            guard wanted || count == 0 else {
                throw .parameter("top_logprobs", "when using `top_logprobs`, `logprobs` must be set to true.")
            }
            return wanted ? GenerationFields.logprobCount(count) : nil
        }
        return wanted ? 0 : nil
    }

    private static func budget(_ body: FieldReader, options: VLLMSimulator.Options) throws(WireError) -> Int? {
        guard let budget = try body.int("thinking_token_budget") else { return nil }
        guard options.reasoningParser else {
            throw .badRequest(
                "thinking_token_budget is set but reasoning_config is not configured. Please set --reasoning-parser and/or "
                    + "--reasoning-config to use thinking_token_budget.")
        }
        return budget
    }

    /// Whether the answer shows nothing of single tokens, so that a thought that is not wanted does not show there either.
    var hidesTokens: Bool { !includesReasoning && hasParser }

    /// The prompt as the model reads it: its tokens decoded.
    var promptText: String { Tokenizer.tiny.decode(promptTokens) }

    /// How many of an answer's tokens are a thought, without its marks; `nil` where the server tells no thoughts apart.
    func reasoningTokens(_ tokens: [Int], options: VLLMSimulator.Options) -> Int? {
        guard options.reasoningParser else { return nil }
        guard parsesReasoning else { return 0 }
        return tokens.prefix { $0 != Tokenizer.endOfThought }.count { $0 != Tokenizer.startOfThought }
    }
}
