/// Checks that the endpoints share.
enum ModelCheck {
    /// Refuses a model that is not served; none at all is fine.
    static func name(_ body: FieldReader, options: VLLMSimulator.Options) throws(WireError) {
        guard let name = try body.string("model"), !options.models.contains(name) else { return }
        let aliases = options.models.count > 1 ? " Valid aliases: \(options.models.joined(separator: ", "))." : ""
        throw WireError(status: 404, type: "NotFoundError", "The model `\(name)` does not exist.\(aliases)", parameter: "model")
    }

    /// No token is longer, so that a text of more characters need not be cut into tokens to see that it is too long.
    private static let longestToken = 19

    /// Refuses a text that is too long whatever its tokens.
    static func length(of text: String, options: VLLMSimulator.Options) throws(WireError) {
        let limit = options.maxModelLength * longestToken
        let count = text.unicodeScalars.count
        guard count > limit else { return }
        let message =
            "This model's maximum context length is \(options.maxModelLength) tokens. However, your prompt contains \(count) characters "
            + "(more than \(limit) characters, which is the upper bound for \(options.maxModelLength) input tokens). "
            + "Please reduce the length of the input prompt."
        throw .badRequest(message + " (parameter=input_text, value=\(count))", parameter: "input_text")
    }

    /// Refuses a prompt that leaves no room for what is asked for, and returns how many tokens there is room for.
    static func room(behind prompt: [Int], maxTokens: Int?, options: VLLMSimulator.Options) throws(WireError) -> Int {
        let limit = options.maxModelLength
        let window = "This model's maximum context length is \(limit) tokens. However, "
        guard prompt.count < limit else {
            let message =
                "your prompt contains at least \(limit + 1) input tokens, which exceeds this limit even without any output tokens. "
                + "Please reduce the length of the input prompt."
            throw .parameter("input_tokens", window + message, value: "\(limit + 1)")
        }
        guard let maxTokens, prompt.count + maxTokens > limit else { return maxTokens ?? limit - prompt.count }
        let message =
            "you requested \(maxTokens) output tokens and your prompt contains at least \(prompt.count) input tokens, "
            + "for a total of at least \(prompt.count + maxTokens) tokens. "
            + "Please reduce the length of the input prompt or the number of requested output tokens."
        throw .parameter("input_tokens", window + message, value: "\(prompt.count)")
    }
}
