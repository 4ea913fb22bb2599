import ProviderKit
import SessionTimeline
import Timestamps

/// When the calls and tools of a session ran: a line for each, over one axis.
struct Waterfall {
    /// What a part of a line shows; the name of its class in the page.
    enum Kind: String {
        /// From the question to the first token.
        case wait
        /// Waiting before a retry.
        case retry
        /// Reasoning arrives.
        case thinking
        /// The answer arrives.
        case text
        /// A call of a tool arrives.
        case call
        /// A tool runs.
        case tool
        /// It failed.
        case failed
    }

    /// A part of a line, in seconds from the session's beginning.
    struct Bar {
        let kind: Kind
        let start: Double
        let end: Double
    }

    /// A line.
    struct Row {
        let label: String
        let target: String
        let bars: [Bar]
        /// What it took.
        let time: String
        let explanation: String
        let isProblem: Bool
    }

    private(set) var rows: [Row] = []
    let axis: TimeAxis

    init(_ timeline: SessionTimeline) {
        let steps = timeline.turns.flatMap(\.steps)
        let origin = steps.compactMap(\.start).min() ?? timeline.start
        var (calls, tools) = (0, 0)
        for step in steps {
            switch step {
            case .call(let call):
                calls += 1
                rows.append(Self.row(call, number: calls, origin: origin))
            case .tool(let tool):
                tools += 1
                rows.append(Self.row(tool, number: tools, origin: origin))
            }
        }
        axis = TimeAxis(rows.flatMap(\.bars).map { ($0.start, $0.end) })
    }

    private static func row(_ call: ProviderCall, number: Int, origin: LogTimestamp?) -> Row {
        let bars = bars(call, origin: origin)
        var facts = ["call \(number)", call.model?.beginning(200), call.status == .ok ? nil : call.status.rawValue].compactMap(\.self)
        if let first = call.timeToFirstToken { facts.append("first token \(FigureText.time(first))") }
        if let duration = call.duration { facts.append("\(FigureText.time(duration)) in all") }
        if let usage = call.usage { facts.append("\(FigureText.count(usage.outputTokens)) tokens out") }
        if !call.retries.isEmpty { facts.append(FigureText.count(call.retries.count, "retry", "retries")) }
        return Row(
            label: "Call \(number)", target: "call-\(number)", bars: bars, time: call.duration.map { FigureText.time($0) } ?? "—",
            explanation: facts.joined(separator: "\n"), isProblem: call.isProblem)
    }

    private static func row(_ tool: ToolRun, number: Int, origin: LogTimestamp?) -> Row {
        var bars: [Bar] = []
        var time = "—"
        if let origin, let start = tool.start {
            let (from, to) = (start.seconds(since: origin), (tool.end ?? start).seconds(since: origin))
            bars = [Bar(kind: tool.error == nil ? .tool : .failed, start: from, end: max(from, to))]
            if tool.end != nil { time = FigureText.time(max(0, to - from)) }
        }
        return Row(
            label: tool.name.beginning(200), target: "tool-\(number)", bars: bars, time: time,
            explanation: "tool \(tool.name.beginning(200))\n\(tool.error == nil ? "ran" : "failed after") \(time)",
            isProblem: tool.error != nil)
    }

    private static func bars(_ call: ProviderCall, origin: LogTimestamp?) -> [Bar] {
        guard let origin, let begun = call.start else { return [] }
        let start = begun.seconds(since: origin)
        let length = call.duration.map { $0 / .seconds(1) } ?? call.end?.seconds(since: begun) ?? 0
        let end = start + max(0, length)
        let isFailed = call.status == .error
        guard let first = call.timeToFirstToken.map({ min(start + max(0, $0 / .seconds(1)), end) }) else {
            return [Bar(kind: isFailed ? .failed : .wait, start: start, end: end)] + waits(call, origin)
        }
        // Blocks lie above what is known without them.
        let types = Set(call.streamedBlocks.map(\.type))
        let answer: Kind = types.contains("text") || types.isEmpty ? .text : types == ["thinking"] ? .thinking : .call
        var bars = [Bar(kind: .wait, start: start, end: first), Bar(kind: isFailed ? .failed : answer, start: first, end: end)]
        for block in call.streamedBlocks where block.type != "text" {
            guard let from = block.start?.seconds(since: origin), let to = block.end?.seconds(since: origin), to >= from else { continue }
            bars.append(Bar(kind: block.type == "thinking" ? .thinking : .call, start: max(from, first), end: min(max(to, first), end)))
        }
        return bars + waits(call, origin)
    }

    private static func waits(_ call: ProviderCall, _ origin: LogTimestamp) -> [Bar] {
        call.retries.prefix(100).compactMap { retry in
            guard let time = retry.time else { return nil }
            let start = time.seconds(since: origin)
            return Bar(kind: .retry, start: start, end: start + min(max(retry.delay ?? 0, 0), 86_400))
        }
    }
}

extension ProviderCall {
    /// Whether there is something to see for who looks for problems.
    var isProblem: Bool { status != .ok || !retries.isEmpty }
}

extension PromptTurn {
    /// Whether there is something to see for who looks for problems.
    var isProblem: Bool {
        calls.contains(where: \.isProblem) || tools.contains { $0.error != nil } || status.map { $0 != "success" } ?? false
    }
}

extension PromptTurn.Step {
    /// When it began.
    var start: LogTimestamp? {
        switch self {
        case .call(let call): call.start
        case .tool(let tool): tool.start
        }
    }
}
