import JSON
import ProviderKit
import SessionTimeline
import Testing

@testable import Comparison

@Suite("Two sessions compared")
struct SessionComparisonTests {
    @Test("By default any difference of text, tool calls or finish reason counts, and one of reasoning does not")
    func defaults() {
        let old = answer("4", thinking: "two and two")
        #expect(compare(old, answer("4", thinking: "2+2")).verdict == .same)
        #expect(compare(old, answer("5", thinking: "two and two")).verdict == .different)
        #expect(compare(old, answer("4", finishReason: "length")).verdict == .different)
        #expect(compare(old, answer("4", call: "add")).verdict == .different)
    }

    @Test("What is to be the same can be chosen")
    func aspects() {
        var thresholds = ComparisonThresholds()
        thresholds.aspects = [.thinking]
        let (old, new) = (answer("4", thinking: "a"), answer("5", thinking: "a"))
        #expect(compare(old, new, thresholds).verdict == .same)
        #expect(compare(old, answer("4", thinking: "b"), thresholds).verdict == .different)
    }

    @Test("Texts that have enough in common pass, as do as many calls as may differ")
    func tolerance() {
        let (old, new) = (answer("one two three four"), answer("one two three five"))
        var thresholds = ComparisonThresholds()
        thresholds.minimumSimilarity = 0.7
        #expect(compare(old, new, thresholds).verdict == .same)
        thresholds.minimumSimilarity = 0.95
        #expect(compare(old, new, thresholds).excesses.map(\.name) == ["max_differences"])
        thresholds.maximumDifferences = 1
        #expect(compare(old, new, thresholds).verdict == .same)
    }

    @Test("Tokens, times and probabilities count where a threshold is given")
    func figures() {
        var (old, new) = (answer("a", tokens: [-0.1]), answer("a", tokens: [-0.4]))
        old.latency = AnswerLatency(timeToFirstToken: .milliseconds(10), duration: .milliseconds(100))
        new.latency = AnswerLatency(timeToFirstToken: .milliseconds(30), duration: .milliseconds(150))
        old.response?.usage = Usage(inputTokens: 5, outputTokens: 10)
        new.response?.usage = Usage(inputTokens: 5, outputTokens: 20)
        #expect(compare(old, new).verdict == .same)
        var thresholds = ComparisonThresholds()
        thresholds.maximumLogprobDrift = 0.2
        thresholds.maximumDivergence = 0.01
        thresholds.maximumTokenRatio = 1.5
        thresholds.maximumLatencyRatio = 1.2
        thresholds.maximumFirstTokenRatio = 2
        let beyond = compare(old, new, thresholds)
        #expect(beyond.excesses.map(\.name) == ["max_logprob_drift", "max_kl", "max_token_ratio", "max_latency_ratio", "max_ttft_ratio"])
        #expect(beyond.excesses[0].call == 1)
        thresholds.maximumLogprobDrift = 0.5
        thresholds.maximumDivergence = 1
        thresholds.maximumTokenRatio = 2
        thresholds.maximumLatencyRatio = 1.5
        thresholds.maximumFirstTokenRatio = 3
        #expect(compare(old, new, thresholds).verdict == .same)
    }

    @Test("A call that fails now leaves the comparison incomplete, one that fails as it did is the same")
    func failures() {
        let failed = ComparedAnswer(failure: ProviderCall.Failure(type: "RateLimitError", message: "slow down"))
        let other = ComparedAnswer(failure: ProviderCall.Failure(type: "NetworkError", message: "gone"))
        #expect(compare(answer("a"), failed).verdict == .incomplete)
        #expect(compare(failed, failed).verdict == .same)
        #expect(compare(failed, other).verdict == .different)
        #expect(compare(failed, answer("a")).verdict == .different)
        var omitted = compare(answer("a"), answer("a"))
        omitted.omissions = [.init(number: 2, requestID: nil, reason: "no request in the log")]
        #expect(omitted.verdict == .incomplete)
    }

    @Test("What is beyond the thresholds counts, whatever could not be compared")
    func differentAndIncomplete() {
        let failed = ComparedAnswer(failure: ProviderCall.Failure(type: "RateLimitError", message: "slow down"))
        var comparison = SessionComparison(
            old: ComparedSession(label: "old"), new: ComparedSession(label: "new"),
            calls: [
                CallComparison(number: 1, old: answer("a"), new: failed), CallComparison(number: 2, old: answer("a"), new: answer("b")),
            ])
        #expect(comparison.verdict == .different)
        #expect(comparison.excesses.map(\.value) == [1])
        comparison.thresholds.maximumDifferences = 1
        #expect(comparison.verdict == .incomplete)
        comparison.thresholds.maximumDifferences = 0
        comparison.calls.removeFirst()
        comparison.omissions = [.init(number: 1, requestID: nil, reason: "no request in the log")]
        #expect(comparison.verdict == .different)
    }

    @Test("A threshold that cannot be checked leaves the comparison incomplete, and says why")
    func unchecked() {
        let limits: [(WritableKeyPath<ComparisonThresholds, Double?>, String)] = [
            (
                \.maximumLogprobDrift,
                "max_logprob_drift was not checked: log-probabilities of the same tokens are not known on both sides of call 1"
            ),
            (\.maximumDivergence, "max_kl was not checked: log-probabilities of the same tokens are not known on both sides of call 1"),
            (\.maximumTokenRatio, "max_token_ratio was not checked: the tokens are not known on both sides of call 1"),
            (\.maximumLatencyRatio, "max_latency_ratio was not checked: how long calls took is not known of both sessions"),
            (\.maximumFirstTokenRatio, "max_ttft_ratio was not checked: the times to the first token are not known of both sessions"),
        ]
        for (limit, reason) in limits {
            var thresholds = ComparisonThresholds()
            thresholds[keyPath: limit] = 10
            let comparison = compare(answer("a"), answer("a"), thresholds)
            #expect(comparison.verdict == .incomplete)
            #expect(comparison.json["notes"] == [.string(reason)])
            // A call that failed both times has nothing to be measured.
            let failed = ComparedAnswer(failure: ProviderCall.Failure(type: "RateLimitError", message: "slow down"))
            #expect(compare(failed, failed, thresholds).verdict == .same)
        }
        var thresholds = ComparisonThresholds()
        thresholds.maximumLogprobDrift = 1
        let known = answer("a", tokens: [-0.1])
        let some = SessionComparison(
            old: ComparedSession(label: "old"), new: ComparedSession(label: "new"),
            calls: [CallComparison(number: 1, old: known, new: known), CallComparison(number: 2, old: known, new: answer("a"))],
            thresholds: thresholds)
        #expect(some.verdict == .incomplete)
        #expect(some.uncheckedThresholds.count == 1 && some.uncheckedThresholds[0].hasSuffix("call 2"))
        let silent = answer("", tokens: [])
        #expect(compare(silent, silent, thresholds).verdict == .same)
    }

    @Test("Of several choices each is compared with its own")
    func choices() {
        let blocks = { (second: String) -> [ContentBlock] in
            [.text(TextBlock("a")), .text(TextBlock(second, additional: ["choice": 1]))]
        }
        let comparison = compare(
            ComparedAnswer(response: ChatResponse(content: blocks("b"))), ComparedAnswer(response: ChatResponse(content: blocks("c"))))
        #expect(comparison.calls[0].answers.map(\.text.isSame) == [true, false])
        #expect(comparison.verdict == .different)
    }

    @Test("Where answers part is told in code points, in the reasoning first")
    func divergence() throws {
        let text = try #require(compare(answer("ça va 🙂 oui"), answer("ça va 🙂 non")).calls[0].answers[0].divergence)
        #expect(text.part == .text && text.offset == 8 && text.before == "ça va 🙂 " && text.old == "oui" && text.new == "non")
        let thinking = try #require(
            compare(answer("x", thinking: "a"), answer("y", thinking: "ab")).calls[0].answers[0].divergence)
        #expect(thinking.part == .thinking && thinking.offset == 1 && thinking.old.isEmpty && thinking.new == "b")
    }

    @Test("As JSON, it tells verdict, figures and every call")
    func json() {
        var (old, new) = (answer("a", tokens: [-0.1]), answer("b", tokens: [-0.2]))
        old.latency = AnswerLatency(timeToFirstToken: .milliseconds(10), duration: .milliseconds(100), outputTokens: 10)
        new.response?.usage = Usage(inputTokens: 3, outputTokens: 4)
        let json = compare(old, new).json
        #expect(json["verdict"] == "different")
        #expect(json["excesses"]?[0]?["name"] == "max_differences")
        #expect(json["summary"]?["differences"]?["text"] == 1)
        #expect(json["summary"]?["new"]?["output_tokens"] == 4)
        let call = json["calls"]?[0]
        #expect(call?["different"] == true)
        #expect(call?["old"]?["latency"]?["time_per_output_token_ms"] == 10.0)
        #expect(call?["usage"]?[0]?["name"] == "input_tokens")
        #expect(call?["answers"]?[0]?["text"]?["edits"]?[0]?["kind"] == "removed")
        #expect(call?["answers"]?[0]?["token_divergence"]?["index"] == 0)
    }

    @Test("Numbers of servers that cannot be added up do no harm")
    func hostile() {
        var (old, new) = (answer("a"), answer("a"))
        old.response?.usage = Usage(inputTokens: .max, outputTokens: .max)
        new.response?.usage = Usage(inputTokens: .max, outputTokens: 0)
        let comparison = SessionComparison(
            old: ComparedSession(label: "old"), new: ComparedSession(label: "new"),
            calls: [CallComparison(number: 1, old: old, new: new), CallComparison(number: 2, old: old, new: new)])
        #expect(comparison.json["summary"]?["old"]?["output_tokens"]?.double == 2 * 0x1p63)
    }

    private func compare(
        _ old: ComparedAnswer, _ new: ComparedAnswer, _ thresholds: ComparisonThresholds = ComparisonThresholds()
    ) -> SessionComparison {
        SessionComparison(
            old: ComparedSession(label: "old"), new: ComparedSession(label: "new"),
            calls: [CallComparison(number: 1, old: old, new: new)], thresholds: thresholds)
    }

    private func answer(
        _ text: String, thinking: String? = nil, call: String? = nil, finishReason: String = "stop", tokens: [Double]? = nil
    ) -> ComparedAnswer {
        var blocks = thinking.map { [ContentBlock.thinking(ThinkingBlock($0))] } ?? []
        blocks.append(.text(TextBlock(text)))
        if let call { blocks.append(.toolCall(ToolCallBlock(id: "1", name: call, input: [:]))) }
        return ComparedAnswer(
            response: ChatResponse(
                content: blocks, finishReason: finishReason, logprobs: tokens?.map { TokenLogprob(token: text, logprob: $0) }))
    }
}
