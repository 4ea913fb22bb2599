/// How long an answer took.
public struct AnswerLatency: Sendable, Hashable {
    /// From the question to the first token.
    public var timeToFirstToken: Duration?
    /// From the question to the end of the answer.
    public var duration: Duration?
    /// How many tokens the answer has.
    public var outputTokens: Int?

    /// Times of an answer.
    public init(timeToFirstToken: Duration? = nil, duration: Duration? = nil, outputTokens: Int? = nil) {
        self.timeToFirstToken = timeToFirstToken
        self.duration = duration
        self.outputTokens = outputTokens
    }

    /// The mean time of a token behind the first one, as vLLM's benchmark reckons it: (end − first token) / (tokens − 1).
    public var timePerOutputToken: Duration? {
        guard let duration, let timeToFirstToken, let outputTokens, outputTokens > 1, duration >= timeToFirstToken else { return nil }
        return (duration - timeToFirstToken) / (outputTokens - 1)
    }
}
