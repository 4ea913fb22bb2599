import ProviderKit
import SessionTimeline

extension HTMLWriter {
    /// Writes what a call took.
    mutating func figures(_ call: ProviderCall) {
        var figures: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) { if let value, !value.isEmpty { figures.append((name, value)) } }
        add("in", call.usage.map { FigureText.count($0.inputTokens) + Self.part($0.cacheReadTokens, "cached") })
        add("out", call.usage.map { FigureText.count($0.outputTokens) + Self.part($0.reasoningTokens, "reasoning") })
        add("cost", call.usage?.costUSD.map { "$\($0)" })
        add("first token", call.timeToFirstToken.map { FigureText.time($0) })
        add("per token", call.timePerOutputToken.map { FigureText.time($0) })
        add("in all", call.duration.map { FigureText.time($0) })
        add("ended by", call.finishReason)
        add("from", call.instanceID ?? call.provider)
        add("by", call.endpoint)
        if call.isStreamed == false { add("streamed", "no") }
        guard !figures.isEmpty else { return }
        element("dl", .class("figures kind-figure")) { html in
            for figure in figures {
                html.element("div") { html in
                    html.element("dt", text: figure.name)
                    html.element("dd", text: figure.value.beginning(200))
                }
            }
        }
    }

    private static func part(_ count: Int?, _ name: String) -> String {
        count.flatMap { $0 > 0 ? " (\(FigureText.count($0)) \(name))" : nil } ?? ""
    }
}
