/// What a request says about sampling and about where to stop, the same for both endpoints.
struct SampleRules: Sendable {
    /// How many tokens at most.
    var maxTokens = 16
    /// How many tokens at least, before an end of turn counts.
    var minTokens = 0
    /// Sampling is greedy at 0.
    var temperature = 1.0
    /// What makes sampling repeatable.
    var seed: Int?
    /// Texts that end the answer.
    var stops: [String] = []
    /// Tokens that end the answer.
    var stopTokens: [Int] = []
    /// Whether the text that ended the answer stays in it.
    var includesStop = false
    /// Whether the model goes on after the end of its turn.
    var ignoresEnd = false
    /// Whether special tokens stay out of the text.
    var skipsSpecialTokens = true
}
