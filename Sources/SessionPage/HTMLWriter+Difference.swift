import Comparison
import JSON
import ProviderKit
import TokenDisplay

extension HTMLWriter {
    /// Writes a text once where both are the same, and else both side by side with what differs marked.
    mutating func diff(_ diff: TextDiff) {
        if diff.isSame { return prose(diff.edits.map(\.text).joined()) }
        if diff.isApproximate {
            element("p", .class("detail"), text: "The texts have little in common: more may be marked than differs.")
        }
        element("div", .class("two")) { html in
            html.side(diff, without: .added)
            html.side(diff, without: .removed)
        }
    }

    private mutating func side(_ diff: TextDiff, without other: TextDiff.Edit.Kind) {
        let edits = diff.edits.filter { $0.kind != other }
        var (room, rest) = (clipped(edits.map(\.text).joined()).shown.utf8.count, 0)
        element("div", .class("side word-diff"), .named("dir", "auto")) { html in
            for edit in edits {
                let size = edit.text.utf8.count
                guard room >= size else {
                    (room, rest) = (0, rest + size)
                    continue
                }
                room -= size
                switch edit.kind {
                case .same: html.text(edit.text)
                case .removed: html.element("del", text: edit.text)
                case .added: html.element("ins", text: edit.text)
                }
            }
            html.cutNote(rest)
        }
    }

    /// Writes two calls of tools, with what differs in their arguments.
    mutating func toolCall(_ comparison: ToolCallComparison) {
        element("div", .class("asked kind-tool")) { html in
            html.element("div", .class("two")) { html in
                let namesAreSame = comparison.old?.name == comparison.new?.name
                html.side(comparison.old, isSame: comparison.isSame, namesAreSame: namesAreSame, tag: "del")
                html.side(comparison.new, isSame: comparison.isSame, namesAreSame: namesAreSame, tag: "ins")
            }
            guard !comparison.arguments.isEmpty else { return }
            html.element("ul", .class("changes")) { html in
                for change in comparison.arguments.prefix(50) {
                    html.element("li", .class("word-diff")) { html in
                        html.element("code", text: change.path.isEmpty ? "/" : change.path)
                        html.text(" ")
                        html.element("del", text: Self.short(change.old))
                        html.text(" ")
                        html.element("ins", text: Self.short(change.new))
                    }
                }
                let rest = comparison.arguments.count - 50
                if rest > 0 { html.element("li", text: "… and \(FigureText.count(rest)) more") }
            }
        }
    }

    private mutating func side(_ call: ToolCall?, isSame: Bool, namesAreSame: Bool, tag: StaticString) {
        element("div", .class("side word-diff")) { html in
            guard let call else { return html.element("p", .class("detail"), text: "no such call") }
            html.text("calls ")
            if namesAreSame {
                html.element("strong", text: call.name.beginning(200))
            } else {
                html.element(tag, text: call.name.beginning(200))
            }
            html.folded("Arguments", .object(call.arguments), isOpen: !isSame && call.arguments.description.utf8.count <= 2000)
        }
    }

    /// Draws how much the logarithm of each token's probability changed, up for likelier ones.
    mutating func drift(_ drift: LogprobDrift) {
        let largest = drift.absolute?.max ?? 0
        var text = "Log-probabilities: median change \(FigureText.decimal(drift.absolute?.p50 ?? 0, places: 4)), "
        text += "largest \(FigureText.decimal(largest, places: 4)) over \(FigureText.count(drift.differences.count, "token"))"
        if let divergence = drift.divergence { text += ", KL divergence up to \(FigureText.decimal(divergence.max, places: 4)) nats" }
        element("p", .class("detail"), text: text)
        guard largest > 0 else { return }
        // A browser draws so many, and nobody sees more.
        let shown = drift.differences.prefix(2000)
        element("svg", .class("drift"), .named("role", "img"), .named("aria-label", text)) { html in
            html.markup("<line x1=\"0\" x2=\"100%\" y1=\"50%\" y2=\"50%\"></line>")
            for (index, difference) in shown.enumerated() where difference.isFinite {
                let height = min(abs(difference) / largest, 1) / 2
                html.element(
                    "rect", .class(difference < 0 ? "down" : "up"), .named("x", Self.percent(Double(index) / Double(shown.count))),
                    .named("width", Self.percent(min(0.8 / Double(shown.count), 0.02))),
                    .named("y", Self.percent(difference < 0 ? 0.5 : 0.5 - height)),
                    .named("height", Self.percent(max(height, 0.004)))
                ) { html in
                    html.element("title", text: "token \(index + 1): \(FigureText.decimal(difference, places: 4))")
                }
            }
        }
    }

    /// What one answer chose where they part.
    static func told(_ choice: TokenDivergence.Choice?) -> String {
        guard let choice else { return "ends" }
        var text = TokenText.quoted(choice.token, nil)
        if let logprob = choice.logprob { text += " \(Probability(logprob: logprob).percent)" }
        if let other = choice.logprobOfOther { text += " (the other one's token \(Probability(logprob: other).percent))" }
        return text
    }

    private static func short(_ value: JSONValue?) -> String {
        guard let value else { return "(nothing)" }
        let text = value.text
        return text.utf8.count > 1000 ? String(text.unicodeScalars.prefix(500)) + "…" : text
    }
}
