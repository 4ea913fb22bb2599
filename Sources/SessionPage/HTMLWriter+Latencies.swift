import Comparison
import ProviderKit

extension HTMLWriter {
    /// Writes how long each call took, the old one above the new one; each leads to its call.
    mutating func latencies(_ comparison: SessionComparison) {
        let longest = comparison.calls.flatMap { [$0.old, $0.new] }.compactMap { Self.seconds($0.latency.duration) }.max() ?? 0
        guard longest > 0 else { return }
        element("section", .class("waterfall kind-figure"), .named("aria-labelledby", "latency-title")) { html in
            html.element("h2", .id("latency-title"), text: "How long it took")
            html.legend(["wait": "to the first token", "text": "old", "call": "new", "failed": "failed"])
            html.element("ol", .class("rows")) { html in
                for call in comparison.calls { html.latencies(call, longest, isDifferent: comparison.thresholds.isDifferent(call)) }
            }
        }
    }

    private mutating func latencies(_ call: CallComparison, _ longest: Double, isDifferent: Bool) {
        element("li", .class(isDifferent ? "row pair problem" : "row pair ok")) { html in
            let title = "call \(call.number)\nold \(Self.told(call.old))\nnew \(Self.told(call.new))"
            html.element("a", .named("href", "#\(Self.anchor(call))"), .class("tip"), .title(title)) { html in
                html.element("span", .class("label"), text: "Call \(call.number)\(isDifferent ? " ≠" : "")")
                html.element("svg", .class("track"), .named("aria-hidden", "true")) { html in
                    html.bars(call.old, kind: "text", y: "0", longest)
                    html.bars(call.new, kind: "call", y: "52%", longest)
                }
                html.element("span", .class("time"), text: Self.change(call))
            }
        }
    }

    private mutating func bars(_ answer: ComparedAnswer, kind: String, y: String, _ longest: Double) {
        guard let duration = Self.seconds(answer.latency.duration) else { return }
        let first = min(Self.seconds(answer.latency.timeToFirstToken) ?? 0, duration)
        let kind = answer.failure == nil ? kind : "failed"
        for (kind, from, to) in [("wait", 0, first), (kind, first, duration)] where to > from {
            element(
                "rect", .class(kind), .named("x", Self.percent(from / longest)), .named("y", y),
                .named("width", Self.percent(max((to - from) / longest, 0.003))), .named("height", "48%")
            ) { _ in }
        }
    }

    /// Where a call is on the page.
    static func anchor(_ call: CallComparison) -> String {
        "call-\(call.number)" + (call.repetition > 1 ? "-\(call.repetition)" : "")
    }

    /// What a call took, in words.
    static func told(_ answer: ComparedAnswer) -> String {
        let latency = answer.latency
        let parts = [
            latency.duration.map { "\(FigureText.time($0)) in all" }, latency.timeToFirstToken.map { "first token \(FigureText.time($0))" },
            latency.timePerOutputToken.map { "\(FigureText.time($0)) per token" },
            answer.response?.usage.map { "\(FigureText.count($0.outputTokens)) tokens out" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private static func change(_ call: CallComparison) -> String {
        guard let old = seconds(call.old.latency.duration), let new = seconds(call.new.latency.duration), old > 0 else { return "—" }
        return "× \(FigureText.decimal(new / old, places: 2))"
    }

    private static func seconds(_ duration: Duration?) -> Double? { duration.map { max(0, $0 / .seconds(1)) } }
}
