import Comparison
import JSON
import ProviderKit
import SessionTimeline

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// One call of a comparison for people.
struct CallText {
    private let call: CallComparison
    private let isDifferent: Bool
    private let diff: DiffText

    init(_ call: CallComparison, isDifferent: Bool, _ diff: DiffText) {
        self.call = call
        self.isDifferent = isDifferent
        self.diff = diff
    }

    var lines: [String] {
        let indented = (failures + call.answers.flatMap(lines) + figures).map { $0.isEmpty ? "" : "    \($0)" }
        return [title] + indented
    }

    private var title: String {
        let aspects = ComparedAspect.allCases.filter(call.differences.contains).map(\.label).joined(separator: ", ")
        let repetition = call.repetition > 1 ? ", repetition \(call.repetition)" : ""
        let prompt = call.prompt.map { " · " + Self.quoted($0) } ?? ""
        return "call \(call.number)\(repetition) differs in \(aspects)\(isDifferent ? "" : ", which it may")\(diff.dimmed(prompt))"
    }

    private var failures: [String] {
        var lines: [String] = []
        if call.isSameRequest == false { lines.append("another question was asked") }
        if let failure = call.old.failure { lines.append("the old call failed: " + Self.text(failure.message)) }
        if let failure = call.new.failure { lines.append("the new call failed: " + Self.text(failure.message)) }
        return lines
    }

    private func lines(_ answer: AnswerComparison) -> [String] {
        var lines: [String] = []
        if answer.choice > 0, !answer.differences.isEmpty { lines.append("choice \(answer.choice):") }
        if !answer.thinking.isSame { lines += ["thinking:"] + diff.lines(answer.thinking) }
        if !answer.text.isSame { lines += (answer.thinking.isSame ? [] : ["text:"]) + diff.lines(answer.text) }
        if let divergence = answer.divergence {
            lines.append("they part at character \(divergence.offset) of the \(divergence.part.rawValue)" + choice(answer.tokenDivergence))
        }
        for call in answer.toolCalls where !call.isSame { lines += tool(call) }
        if answer.oldFinishReason != answer.newFinishReason {
            lines.append(Self.text("finish reason \(answer.oldFinishReason ?? "none") → \(answer.newFinishReason ?? "none")"))
        }
        if let drift = answer.drift?.absolute, drift.max > 0 { lines.append("log-probability drift: " + ComparisonText.spread(drift)) }
        if let divergence = answer.drift?.divergence, divergence.max > 0 {
            lines.append("KL divergence, nats: " + ComparisonText.spread(divergence))
        }
        return lines
    }

    /// Which tokens were chosen, and how near the choice was.
    private func choice(_ divergence: TokenDivergence?) -> String {
        guard let divergence else { return "" }
        func side(_ choice: TokenDivergence.Choice?) -> String {
            guard let choice else { return "the end" }
            let own = choice.logprob.map { Number.percent(exp($0)) }
            let other = choice.logprobOfOther.map { "the other's \(Number.percent(exp($0)))" }
            let figures = [own, other].compactMap(\.self).joined(separator: ", ")
            return Self.quoted(choice.token) + (figures.isEmpty ? "" : " (\(figures))")
        }
        return ", token \(divergence.index): \(side(divergence.old)) → \(side(divergence.new))"
    }

    private func tool(_ call: ToolCallComparison) -> [String] {
        switch (call.old, call.new) {
        case (let old?, let new?) where old.name == new.name:
            return call.arguments.map { difference in
                let path = difference.path.isEmpty ? "arguments" : difference.path
                return "tool call \(Self.text(old.name)) \(Self.text(path)): " + diff.change(difference.old, difference.new)
            }
        case (let old, let new):
            let sides = [old.map { diff.removed(Self.line($0)) }, new.map { diff.added(Self.line($0)) }].compactMap(\.self)
            return ["tool call " + sides.joined(separator: " → ")]
        }
    }

    private var figures: [String] {
        var lines: [String] = []
        if !call.usage.isEmpty {
            let counts = call.usage.map { "\($0.name) \($0.old.map(String.init) ?? "?") → \($0.new.map(String.init) ?? "?")" }
            lines.append(counts.joined(separator: ", "))
        }
        let times = [
            ("first token", call.old.latency.timeToFirstToken, call.new.latency.timeToFirstToken),
            ("call", call.old.latency.duration, call.new.latency.duration),
        ]
        let told = times.filter { $0.1 != nil || $0.2 != nil }.map { "\($0) \(Self.time($1)) → \(Self.time($2))" }
        if !told.isEmpty { lines.append(diff.dimmed(told.joined(separator: ", "))) }
        return lines
    }

    private static func time(_ duration: Duration?) -> String { FigureText.duration(duration.map { $0 / .seconds(1) }) }

    private static func line(_ call: ToolCall) -> String { "\(call.name)(\(JSONValue.object(call.arguments).text))" }

    private static func text(_ text: String) -> String { Terminal.withoutControls(text.replacing("\n", with: " ")) }

    private static func quoted(_ text: String) -> String {
        let shown = text.count > 60 ? text.prefix(60) + "…" : text[...]
        return "\"\(Self.text(String(shown)))\""
    }
}
