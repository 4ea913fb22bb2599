/// How fast an answer came.
struct AnswerTiming {
    /// From the prompt to the first token; `nil` where all of them came at once, so that there was no first one.
    let timeToFirstToken: Duration?
    /// How fast the tokens behind the first one came; how fast all of them came, where they came at once.
    let tokensPerSecond: Double?

    /// - Parameters:
    ///   - timeToFirstToken: when the first token was seen, after the prompt.
    ///   - duration: when the answer was complete, after the prompt.
    ///   - outputTokens: how many tokens the answer has, as far as that is known.
    init(timeToFirstToken: Duration?, duration: Duration, outputTokens: Int?) {
        let first = timeToFirstToken.flatMap { duration - $0 > duration / 20 ? $0 : nil }
        self.timeToFirstToken = first
        let time = duration - (first ?? .zero)
        let tokens = (outputTokens ?? 0) - (first == nil ? 0 : 1)
        tokensPerSecond = (outputTokens ?? 0) > 1 && time > .zero ? Double(tokens) / (time / .seconds(1)) : nil
    }
}
