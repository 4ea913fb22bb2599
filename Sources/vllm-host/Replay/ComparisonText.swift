import Comparison
import JSON

/// A comparison of two sessions for people: figures, then each call that differs, then what it comes to.
struct ComparisonText {
    private let comparison: SessionComparison
    private let summary: ComparisonSummary
    private let diff: DiffText
    private let hasColour: Bool

    init(_ comparison: SessionComparison, hasColour: Bool) {
        self.comparison = comparison
        summary = comparison.summary
        diff = DiffText(hasColour: hasColour)
        self.hasColour = hasColour
    }

    /// The report.
    var text: String {
        var lines = ["old  \(name(comparison.old))", "new  \(name(comparison.new))", ""]
        lines += figures
        let calls = comparison.calls.filter { comparison.thresholds.isDifferent($0) || !$0.differences.isEmpty }
        for call in calls { lines += [""] + CallText(call, isDifferent: comparison.thresholds.isDifferent(call), diff).lines }
        lines.append("")
        lines += comparison.omissions.map {
            "call \($0.number)\($0.isNew ? " of the new session" : "") was not compared: \(Terminal.withoutControls($0.reason))"
        }
        lines += comparison.variance.filter { $0.distinct > 1 }.map {
            "call \($0.number) was answered in \($0.distinct) different ways, asked \($0.answers) times"
        }
        lines += (comparison.notes + comparison.uncheckedThresholds).map { "note: \(Terminal.withoutControls($0))" }
        lines += comparison.excesses.map(Self.sentence)
        return (lines + [conclusion]).map { $0 + "\n" }.joined()
    }

    private func name(_ session: ComparedSession) -> String {
        let models = session.models.isEmpty ? nil : session.models.joined(separator: ", ")
        let isCalledByLog = session.label.hasSuffix(".jsonl") || session.label.hasSuffix(".zst")
        let log = isCalledByLog ? nil : session.log
        return Terminal.withoutControls([session.label, models, log].compactMap(\.self).joined(separator: " · "))
    }

    /// What it comes to, in a sentence.
    private var conclusion: String {
        let same = summary.calls - summary.differing
        let counts = summary.differences.filter { comparison.thresholds.aspects.contains($0.key) }
            .sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.label) \($0.value)" }.joined(separator: ", ")
        let calls =
            "\(same) of \(summary.calls) calls the same" + (summary.differing > 0 ? ", \(summary.differing) differ (\(counts))" : "")
        let failures = comparison.calls.count(where: \.isNewFailure)
        switch comparison.verdict {
        case .same: return paint("32", "same: ") + calls
        case .different: return paint("31", "different: ") + calls
        case .incomplete:
            let left = comparison.omissions.count
            let parts = [failures > 0 ? "\(failures) failed" : nil, left > 0 ? "\(left) not compared" : nil].compactMap(\.self)
            return paint("31", "incomplete: ") + ([calls] + parts).joined(separator: ", ")
        }
    }

    private func paint(_ code: String, _ text: String) -> String { hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[39m" : text }

    private var figures: [String] {
        let (old, new) = (summary.old, summary.new)
        var table = TextTable([.init(title: ""), .init(title: "old"), .init(title: "new")])
        table.add(["calls", "\(summary.calls)", "\(summary.calls)"])
        table.add(["failed", "\(old.failures)", "\(new.failures)"])
        if old.outputTokens != nil || new.outputTokens != nil {
            table.add(["tokens in", Self.count(old.inputTokens), Self.count(new.inputTokens)])
            table.add(["tokens out", Self.count(old.outputTokens), Self.count(new.outputTokens)])
        }
        let times = [
            ("first token", old.timeToFirstToken, new.timeToFirstToken), ("token", old.timePerOutputToken, new.timePerOutputToken),
            ("call", old.duration, new.duration),
        ]
        for (name, old, new) in times where old != nil || new != nil {
            table.add(["\(name), p50 / p90 / p99", Self.quantiles(old), Self.quantiles(new)])
        }
        var lines = table.text(width: nil).split(separator: "\n").map(String.init)
        if let similarity = summary.meanSimilarity { lines.append("texts have \(Number.percent(similarity)) in common") }
        if let drift = summary.logprobDrift { lines.append("log-probability drift: " + Self.spread(drift)) }
        if let divergence = summary.divergence { lines.append("KL divergence, nats: " + Self.spread(divergence)) }
        return lines
    }

    static func spread(_ distribution: Distribution) -> String {
        "mean \(Number.short(distribution.mean)), p99 \(Number.short(distribution.p99)), max \(Number.short(distribution.max))"
            + " over \(distribution.count) tokens"
    }

    private static func count(_ number: Double?) -> String { number.map { Int(exactly: $0).map(FigureText.count) ?? "\($0)" } ?? "-" }

    private static func quantiles(_ distribution: Distribution?) -> String {
        guard let distribution else { return "-" }
        return [distribution.p50, distribution.p90, distribution.p99].map { FigureText.duration($0 / 1000) }.joined(separator: " / ")
    }

    private static func sentence(_ excess: ThresholdExcess) -> String {
        let option = "--" + excess.name.replacing("_", with: "-")
        let place = excess.call.map { " in call \($0)" } ?? ""
        return "beyond \(option) \(Number.short(excess.limit)): \(Number.short(excess.value))\(place)"
    }
}

extension ComparedAspect {
    /// What people call it.
    var label: String { rawValue.replacing("_", with: " ") }
}
