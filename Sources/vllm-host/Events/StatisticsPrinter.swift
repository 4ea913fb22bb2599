import ProviderKit
import SessionTimeline
import Timestamps

/// Prints statistics for people.
struct StatisticsPrinter {
    private let statistics: SessionStatistics
    private let outcome: LogSelection.Outcome
    private let terminal: Terminal

    init(_ statistics: SessionStatistics, _ outcome: LogSelection.Outcome, _ terminal: Terminal) {
        self.statistics = statistics
        self.outcome = outcome
        self.terminal = terminal
    }

    func print() {
        let tables = [times, groups, tools].compactMap(\.self).map { "\n" + $0 }
        terminal.print(summary + tables.joined())
    }

    /// What is said in a line: a name, and the figures.
    private var summary: String {
        let calls = statistics.calls
        var lines = [("Sessions", sessions), ("Calls", self.calls), ("Tokens", tokens), ("Cost", cost)]
        if let speed = calls.outputTokensPerSecond { lines.append(("Speed", "\((speed * 10).rounded() / 10) output tokens/s in a call")) }
        lines.append(("Finished", words(calls.finishReasons)))
        lines.append(("Errors", words(calls.errors)))
        lines.append(("Retried", words(calls.retriedErrors)))
        lines.append(("Log", log))
        return lines.filter { !$0.1.isEmpty }.map { name, text in
            terminal.styled(name, .dim) + String(repeating: " ", count: 10 - name.count) + TextTable.inOneLine(text) + "\n"
        }.joined()
    }

    private var sessions: String {
        var text = "\(FigureText.count(statistics.sessionCount, "session")), \(FigureText.count(statistics.promptCount, "prompt"))"
        let statuses = statistics.turnStatuses.sorted.filter { $0.word != "success" }.map { "\(FigureText.count($0.count)) \($0.word)" }
        if !statuses.isEmpty { text += " (\(statuses.joined(separator: ", ")))" }
        guard let start = statistics.start, let end = statistics.end else { return text }
        let length = FigureText.duration(end.duration(since: start) / .seconds(1))
        let (first, last) = (LocalTime(start), LocalTime(end))
        return text + ", \(first.dateAndTime) to \(first.date == last.date ? last.minutes : last.dateAndTime) (\(length))"
    }

    private var calls: String {
        let calls = statistics.calls
        let statuses = [ProviderCall.Status.ok, .error, .cancelled, .unfinished].compactMap { status in
            calls.counts[status].map { "\(FigureText.count($0)) \(status.rawValue)" }
        }
        var text = FigureText.count(calls.count) + (statuses.isEmpty ? "" : ": " + statuses.joined(separator: ", "))
        if calls.retryCount > 0 {
            text += "; \(calls.retryCount == 1 ? "1 retry" : "\(FigureText.count(calls.retryCount)) retries")"
            text += " in \(FigureText.count(calls.retriedCount, "call"))"
        }
        return text
    }

    private var tokens: String {
        let usage = statistics.calls.usage
        guard statistics.calls.countWithUsage > 0 else { return "" }
        let cached = usage.cacheReadTokens.map { " (\(FigureText.count($0)) cached)" } ?? ""
        let reasoning = usage.reasoningTokens.map { " (\(FigureText.count($0)) reasoning)" } ?? ""
        return "\(FigureText.count(usage.inputTokens)) in\(cached), \(FigureText.count(usage.outputTokens)) out\(reasoning)"
    }

    private var cost: String {
        let calls = statistics.calls
        guard calls.countWithUsage > 0 else { return "" }
        guard let cost = calls.cost else { return "unknown" }
        return "$\(cost)" + (calls.countWithoutCost > 0 ? "; unknown of \(FigureText.count(calls.countWithoutCost, "call"))" : "")
    }

    private func words(_ tally: Tally) -> String {
        let shown = tally.sorted.prefix(8).map { "\($0.word) \(FigureText.count($0.count))" }
        let rest = tally.counts.count - shown.count
        return (shown + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: ", ")
    }

    private var log: String {
        var parts = ["\(FigureText.count(statistics.recordCount, "record")) in \(FigureText.count(statistics.logCount, "log"))"]
        parts.append(ByteCount.text(outcome.bytes))
        if statistics.skippedCount > 0 { parts.append("\(FigureText.count(statistics.skippedCount, "line")) that held none") }
        if statistics.droppedCount > 0 { parts.append("\(FigureText.count(statistics.droppedCount, "record")) lost in writing") }
        if outcome.unreadableCount > 0 { parts.append("\(FigureText.count(outcome.unreadableCount, "log")) could not be read") }
        return parts.joined(separator: ", ")
    }

    private var times: String? {
        let calls = statistics.calls
        var table = TextTable(
            [.init(title: "TIME")] + ["COUNT", "MEAN", "P50", "P90", "P99", "MAX"].map { .init(title: $0, isRightAligned: true) })
        let rows = [
            ("to first token", calls.timeToFirstToken), ("per output token", calls.timePerOutputToken),
            ("between tokens", calls.interTokenLatency), ("whole call", calls.duration),
        ]
        for (name, sketch) in rows where sketch.count > 0 {
            let figures = [sketch.mean] + sketch.quantiles([0.5, 0.9, 0.99]) + [sketch.maximum]
            table.add([name, FigureText.count(sketch.count)] + figures.map { FigureText.duration($0) })
        }
        return text(of: table)
    }

    private var groups: String? {
        guard let grouping = statistics.grouping else { return nil }
        let titles = ["CALLS", "FAILED", "IN", "OUT", "COST", "FIRST TOKEN P50", "PER TOKEN P50", "CALL P50", "CALL P99"]
        var table = TextTable([.init(title: grouping.rawValue.uppercased())] + titles.map { .init(title: $0, isRightAligned: true) })
        for (name, calls) in statistics.groups.sorted(by: { $0.key < $1.key }) {
            let quantiles = calls.duration.quantiles([0.5, 0.99])
            let counts = [calls.count, calls.counts[.error] ?? 0, calls.usage.inputTokens, calls.usage.outputTokens].map {
                FigureText.count($0)
            }
            let times = [calls.timeToFirstToken.quantile(0.5), calls.timePerOutputToken.quantile(0.5)] + quantiles
            table.add([TextTable.cut(name, to: 48)] + counts + [calls.cost.map { "$\($0)" } ?? "-"] + times.map { FigureText.duration($0) })
        }
        return text(of: table)
    }

    private var tools: String? {
        var table = TextTable(
            [.init(title: "TOOL")] + ["RUNS", "FAILED", "P50", "P90", "P99", "MAX"].map { .init(title: $0, isRightAligned: true) })
        for (name, runs) in statistics.tools.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
            let figures = runs.duration.quantiles([0.5, 0.9, 0.99]) + [runs.duration.maximum]
            let counts = [runs.count, runs.failureCount].map { FigureText.count($0) }
            table.add([TextTable.cut(name, to: 48)] + counts + figures.map { FigureText.duration($0) })
        }
        return text(of: table)
    }

    /// The table; `nil` where nothing is in it.
    private func text(of table: TextTable) -> String? {
        guard !table.rows.isEmpty else { return nil }
        return table.text(width: nil) { row, _, text in row < 0 ? terminal.styled(text, .dim) : text }
    }
}
