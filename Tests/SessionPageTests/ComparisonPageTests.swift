import Comparison
import JSON
import ProviderKit
import SessionTimeline
import Testing

@testable import SessionPage

@Suite("The page of a comparison")
struct ComparisonPageTests {
    private func answer(_ text: String, city: String, logprob: Double, seconds: Int) -> ComparedAnswer {
        var token = TokenLogprob(token: text, logprob: logprob, topLogprobs: [.init(token: "other", logprob: -3)])
        token.blockIndex = 0
        token.textOffset = 0
        let call = ToolCallBlock(id: "c", name: "get_weather", input: ["city": .string(city)])
        let response = ChatResponse(
            content: [.text(TextBlock(text)), .toolCall(call)], usage: Usage(inputTokens: 7, outputTokens: seconds), finishReason: text,
            logprobs: [TokenLogprob(token: "same", logprob: logprob), token])
        let latency = AnswerLatency(timeToFirstToken: .milliseconds(200), duration: .seconds(seconds), outputTokens: seconds)
        return ComparedAnswer(model: "m", response: response, latency: latency)
    }

    private func comparison(_ old: String, _ new: String) -> SessionComparison {
        let call = CallComparison(
            number: 1, prompt: old, old: answer(old, city: old, logprob: -0.1, seconds: 2),
            new: answer(new, city: new, logprob: -1, seconds: 3))
        let failed = CallComparison(
            number: 2, old: answer(old, city: old, logprob: -0.1, seconds: 2),
            new: ComparedAnswer(failure: ProviderCall.Failure(type: "RateLimitError", message: new, statusCode: 429)))
        var comparison = SessionComparison(
            old: ComparedSession(label: "old " + old, models: [old]), new: ComparedSession(label: "new " + new, models: [new]),
            calls: [call, failed])
        comparison.omissions = [SessionComparison.Omission(number: 3, requestID: old, reason: new)]
        comparison.notes = [old]
        return comparison
    }

    @Test("what differs is marked on its side, with the figures of both")
    func contents() {
        let html = ComparisonPage(comparison("It is Paris.", "It is Lyon.")).html
        for part in [
            "It is <del>Paris</del>.", "It is <ins>Lyon</ins>.", "<code>/city</code>", "≠ Different", "× 1.50", "RateLimitError, HTTP 429",
            "old call 3 was not compared", "<span class=\"chip problem\">text</span>", "<svg class=\"drift\"", "output tokens",
        ] {
            #expect(html.contains(part), "\(part)")
        }
    }

    @Test("answers that are the same are there once")
    func same() {
        var comparison = comparison("It is Paris.", "It is Paris.")
        comparison.calls.removeLast()
        comparison.omissions = []
        let html = ComparisonPage(comparison).html
        #expect(html.contains("✓ The same"))
        #expect(html.ranges(of: "<p>It is Paris.</p>").count == 2)
        #expect(!html.contains("<del>"))
    }

    @Test("nothing in a session becomes markup")
    func hostile() {
        let html = ComparisonPage(comparison("</script><script>alert(1)</script>\"'>", "<img src=x onerror=alert(1)>\u{202E}")).html
        #expect(html.ranges(of: "<script").count == 1)
        #expect(!html.contains("<img"))
        #expect(!html.unicodeScalars.contains("\u{202E}"))
    }

    @Test("texts are cut at the limit on both sides")
    func limit() {
        let (old, new) = (String(repeating: "a b ", count: 1000), String(repeating: "a c ", count: 1000))
        let html = ComparisonPage(comparison(old, new), textLimit: 100).html
        #expect(html.utf8.count < ComparisonPage(comparison(old, new), textLimit: 0).html.utf8.count - 4000)
        #expect(html.contains("more are in the log"))
    }
}
