import ProviderKit
import SessionTimeline

/// What a session took altogether.
struct SessionTotals {
    /// A figure with what stands below it.
    struct Tile {
        let label: String
        let value: String
        var detail = ""
        var isProblem = false
    }

    private(set) var tiles: [Tile] = []

    init(_ timeline: SessionTimeline) {
        let calls = timeline.calls
        let tools = timeline.turns.flatMap(\.tools)
        let usages = calls.compactMap(\.usage)
        let prompts = timeline.turns.count { $0.prompt != nil }
        tiles.append(Tile(label: "prompts", value: FigureText.count(prompts)))
        tiles.append(Tile(label: calls.count == 1 ? "call" : "calls", value: FigureText.count(calls.count), detail: Self.models(calls)))
        if var total = usages.first {
            for usage in usages.dropFirst() { total.add(usage) }
            let cached = total.cacheReadTokens.flatMap { $0 > 0 ? "\(FigureText.count($0)) from the cache" : nil }
            tiles.append(Tile(label: "tokens in", value: FigureText.count(total.inputTokens), detail: cached ?? ""))
            let reasoning = total.reasoningTokens.flatMap { $0 > 0 ? "\(FigureText.count($0)) of reasoning" : nil }
            tiles.append(Tile(label: "tokens out", value: FigureText.count(total.outputTokens), detail: reasoning ?? ""))
            if let cost = total.costUSD { tiles.append(Tile(label: "cost", value: "$\(cost)")) }
        }
        tiles += Self.times(timeline, calls)
        if !tools.isEmpty {
            let failed = tools.count { $0.error != nil }
            let detail = failed > 0 ? "\(FigureText.count(failed)) failed" : ""
            tiles.append(Tile(label: tools.count == 1 ? "tool run" : "tool runs", value: FigureText.count(tools.count), detail: detail))
        }
        let (failed, retries) = (calls.count { $0.status == .error }, calls.reduce(0) { $0 + $1.retries.count })
        if failed > 0 {
            tiles.append(Tile(label: failed == 1 ? "failed call" : "failed calls", value: FigureText.count(failed), isProblem: true))
        }
        let cancelled = calls.count { $0.status == .cancelled }
        if cancelled > 0 { tiles.append(Tile(label: "cancelled", value: FigureText.count(cancelled), isProblem: true)) }
        if retries > 0 { tiles.append(Tile(label: retries == 1 ? "retry" : "retries", value: FigureText.count(retries), isProblem: true)) }
    }

    private static func times(_ timeline: SessionTimeline, _ calls: [ProviderCall]) -> [Tile] {
        var tiles: [Tile] = []
        let durations = calls.compactMap(\.duration)
        if !durations.isEmpty {
            let seconds = durations.reduce(0) { $0 + $1 / .seconds(1) }
            var detail = ""
            if let start = timeline.start, let end = timeline.end { detail = "of \(FigureText.time(end.seconds(since: start)))" }
            tiles.append(Tile(label: "in calls", value: FigureText.time(seconds), detail: detail))
        }
        let first = calls.compactMap(\.timeToFirstToken).sorted()
        if !first.isEmpty {
            let slowest = first.count > 1 ? "slowest \(FigureText.time(first[first.count - 1]))" : ""
            tiles.append(
                Tile(
                    label: first.count > 1 ? "median first token" : "first token", value: FigureText.time(first[first.count / 2]),
                    detail: slowest))
        }
        return tiles
    }

    /// The models that were asked, most often the first.
    private static func models(_ calls: [ProviderCall]) -> String {
        var counts: [String: Int] = [:]
        for call in calls { if let model = call.model?.beginning(200) { counts[model, default: 0] += 1 } }
        let names = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    }
}

extension HTMLWriter {
    /// Writes the totals.
    mutating func totals(_ totals: SessionTotals) {
        element("dl", .class("totals"), .named("aria-label", "Totals")) { html in
            for tile in totals.tiles {
                html.element("div", .class(tile.isProblem ? "tile problem" : "tile")) { html in
                    html.element("dt", text: tile.label)
                    html.element("dd") { html in
                        html.element("strong", text: tile.value)
                        if !tile.detail.isEmpty { html.element("span", .class("detail"), text: tile.detail) }
                    }
                }
            }
        }
    }
}
