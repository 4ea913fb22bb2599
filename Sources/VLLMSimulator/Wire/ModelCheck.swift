/// Checks that the endpoints share.
enum ModelCheck {
    /// Refuses a model that is not served; none at all is fine.
    static func name(_ body: FieldReader, options: VLLMSimulator.Options) throws(WireError) {
        guard let name = try body.string("model"), !options.models.contains(name) else { return }
        let aliases = options.models.joined(separator: ", ")
        throw WireError(
            status: 404, type: "NotFoundError", "The model `\(name)` does not exist. Valid aliases: \(aliases).", parameter: "model")
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

    /// How many tokens may follow a prompt: what is asked for, cut to the room there is. A prompt that is too long is refused.
    /// - Parameter isText: whether the prompt was a text, of which the server looks at no more tokens than it must.
    static func room(behind prompt: [Int], isText: Bool, maxTokens: Int?, options: VLLMSimulator.Options) throws(WireError) -> Int {
        let limit = options.maxModelLength
        guard prompt.count <= limit else {
            let count = isText ? limit + 1 : prompt.count
            let message =
                "This model's maximum context length is \(limit) tokens. However, your prompt contains "
                + "\(count == limit + 1 ? "at least " : "")\(count) input tokens, which exceeds this limit even without any output tokens. "
                + "Please reduce the length of the input prompt."
            throw .parameter("input_tokens", message, value: "\(count)")
        }
        let room = min(limit - prompt.count, maxTokens ?? .max)
        guard room >= 1 else { throw .parameter("max_tokens", "max_tokens must be at least 1, got \(room).", value: "\(room)") }
        return room
    }
}
