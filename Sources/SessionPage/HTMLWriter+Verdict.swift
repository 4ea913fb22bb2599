import Comparison

extension HTMLWriter {
    /// Writes what the comparison comes to.
    mutating func verdict(_ comparison: SessionComparison) {
        let summary = comparison.summary
        element("section", .class("verdict \(comparison.verdict.rawValue)"), .named("aria-label", "Verdict")) { html in
            html.element("p", .class("word"), text: Self.word(comparison.verdict))
            var facts = ["\(FigureText.count(summary.differing)) of \(FigureText.count(summary.calls, "call")) differ"]
            for aspect in ComparedAspect.allCases {
                if let count = summary.differences[aspect] {
                    facts.append("\(aspect.rawValue.replacing("_", with: " ")): \(FigureText.count(count))")
                }
            }
            if let similarity = summary.meanSimilarity { facts.append("texts \(FigureText.decimal(similarity * 100, places: 1)) % alike") }
            html.element("p", text: facts.joined(separator: " · "))
            if !comparison.excesses.isEmpty {
                html.element("ul") { html in
                    for excess in comparison.excesses.prefix(50) { html.element("li", text: Self.text(excess)) }
                    let rest = comparison.excesses.count - 50
                    if rest > 0 { html.element("li", text: "… and \(FigureText.count(rest)) more") }
                }
            }
        }
        for note in comparison.notes + comparison.uncheckedThresholds { element("p", .class("note"), text: note) }
        guard !comparison.omissions.isEmpty else { return }
        element("ul", .class("failure kind-problem"), .named("aria-label", "Not compared")) { html in
            for omission in comparison.omissions.prefix(50) {
                html.element("li", text: "\(omission.isNew ? "new" : "old") call \(omission.number) was not compared: \(omission.reason)")
            }
            let rest = comparison.omissions.count - 50
            if rest > 0 { html.element("li", text: "… and \(FigureText.count(rest)) more") }
        }
    }

    private static func word(_ verdict: SessionComparison.Verdict) -> String {
        switch verdict {
        case .same: "✓ The same"
        case .different: "≠ Different"
        case .incomplete: "? Incomplete"
        }
    }

    private static func text(_ excess: ThresholdExcess) -> String {
        let place = excess.call.map { "call \($0): " } ?? ""
        let name = excess.name.replacing("_", with: " ")
        return "\(place)\(name) \(FigureText.number(excess.limit)) is not kept: \(FigureText.number(excess.value))"
    }

    /// Writes the figures of both sessions, a column for each.
    mutating func sides(_ comparison: SessionComparison) {
        let summary = comparison.summary
        element("div", .class("scrolls"), .named("tabindex", "0")) { html in
            html.element("table", .class("sides kind-figure")) { html in
                html.markup("<thead><tr><td></td><th scope=\"col\">")
                html.text(comparison.old.label)
                html.markup("</th><th scope=\"col\">")
                html.text(comparison.new.label)
                html.markup("</th></tr></thead><tbody>")
                html.line("model", comparison.old.models.joined(separator: ", "), comparison.new.models.joined(separator: ", "))
                html.line("failed calls", FigureText.count(summary.old.failures), FigureText.count(summary.new.failures))
                html.line("tokens in", Self.count(summary.old.inputTokens), Self.count(summary.new.inputTokens))
                html.line("tokens out", Self.count(summary.old.outputTokens), Self.count(summary.new.outputTokens))
                html.line("first token, median (p90)", Self.times(summary.old.timeToFirstToken), Self.times(summary.new.timeToFirstToken))
                html.line("per token, median (p90)", Self.times(summary.old.timePerOutputToken), Self.times(summary.new.timePerOutputToken))
                html.line("in all, median (p90)", Self.times(summary.old.duration), Self.times(summary.new.duration))
                html.markup("</tbody>")
            }
        }
        guard let drift = summary.logprobDrift else { return }
        var text = "Log-probabilities of the tokens that both chose: median change \(FigureText.decimal(drift.p50, places: 4)), "
        text += "p99 \(FigureText.decimal(drift.p99, places: 4)), largest \(FigureText.decimal(drift.max, places: 4))"
        if let divergence = summary.divergence { text += " · KL divergence up to \(FigureText.decimal(divergence.max, places: 4)) nats" }
        element("p", .class("note kind-figure"), text: text)
    }

    private mutating func line(_ name: String, _ old: String, _ new: String) {
        guard !old.isEmpty || !new.isEmpty else { return }
        element("tr") { html in
            html.element("th", .named("scope", "row"), text: name)
            html.element("td", text: old)
            html.element("td", text: new)
        }
    }

    private static func count(_ value: Double?) -> String { value.map { FigureText.count(Int(exactly: $0.rounded()) ?? .max) } ?? "" }

    private static func times(_ distribution: Distribution?) -> String {
        distribution.map { "\(FigureText.time($0.p50 / 1000)) (\(FigureText.time($0.p90 / 1000)))" } ?? ""
    }
}
