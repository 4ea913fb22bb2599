import JSON

/// What `truncate_prompt_tokens` leaves of a prompt.
struct PromptTruncation {
    private let limit: Int?
    private let keepsBeginning: Bool

    /// Reads the limit and the side that is cut.
    /// - Parameter hasMaxTokens: a limit of -1 leaves room for one token of the answer, but not in a chat without `max_tokens` (0.32).
    init(_ body: FieldReader, hasMaxTokens: Bool, options: VLLMSimulator.Options) throws(WireError) {
        let limit = try body.int("truncate_prompt_tokens")
        if let limit, limit < -1 {
            throw .schema(
                type: "greater_than_equal", at: "truncate_prompt_tokens", "Input should be greater than or equal to -1",
                input: .integer(limit), context: "'ge': -1")
        }
        let side = body["truncation_side"]
        guard side == nil || side == "left" || side == "right" else {
            throw .schema(
                type: "literal_error", at: "truncation_side", "Input should be 'left' or 'right'", input: side ?? .null,
                context: "'expected': \"'left' or 'right'\"")
        }
        let window = options.maxModelLength
        if let limit, limit > window {
            let message =
                "truncate_prompt_tokens=\(limit) cannot be greater than max_model_len = \(window). Please request a smaller truncation size."
            throw .parameter("truncate_prompt_tokens", message, value: "\(limit)")
        }
        self.limit = limit.map { $0 < 0 ? hasMaxTokens ? window - 1 : window : $0 }
        keepsBeginning = side == "right"
    }

    /// Whether prompts of any length are taken.
    var isOn: Bool { limit != nil }

    /// The tokens that are left.
    func cut(_ tokens: [Int]) throws(WireError) -> [Int] {
        guard let limit else { return tokens }
        let kept = keepsBeginning ? Array(tokens.prefix(limit)) : Array(tokens.suffix(limit))
        guard !kept.isEmpty else { throw .badRequest("The decoder prompt cannot be empty") }
        return kept
    }
}
