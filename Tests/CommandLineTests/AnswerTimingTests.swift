import Testing

@testable import vllm_host

@Suite("How fast an answer came")
struct AnswerTimingTests {
    @Test("tokens are counted from the first one on")
    func streamed() {
        let timing = AnswerTiming(timeToFirstToken: .milliseconds(400), duration: .seconds(1), outputTokens: 13)
        #expect(timing.timeToFirstToken == .milliseconds(400))
        #expect(timing.tokensPerSecond == 20)
    }

    @Test("an answer that was there at once has no first token", arguments: [Duration.milliseconds(1990), .seconds(2), nil])
    func whole(first: Duration?) {
        let timing = AnswerTiming(timeToFirstToken: first, duration: .seconds(2), outputTokens: 13)
        #expect(timing.timeToFirstToken == nil)
        #expect(timing.tokensPerSecond == 6.5)
    }

    @Test("without tokens or time there is no speed", arguments: [nil, 0, 1, 2], [Duration.zero, .seconds(1)])
    func nothing(tokens: Int?, duration: Duration) {
        let timing = AnswerTiming(timeToFirstToken: nil, duration: duration, outputTokens: tokens)
        #expect(timing.tokensPerSecond == (tokens == 2 && duration > .zero ? 2 : nil))
    }
}
