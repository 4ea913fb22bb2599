import ArgumentParsing
import JSON
import SessionLog
import SessionTimeline

/// `vllm-host events stats`: what sessions took.
struct EventsStatsCommand {
    static let command = Command(
        "stats", summary: "Count calls, tokens, costs, times, errors and tools.",
        discussion: """
            Time to first token, time of a token behind it ((duration - time to first token) / (tokens - 1), as vLLM's benchmark has it), \
            between two pieces of a streamed answer (where the log has them: llm:stream_block_delta, or raw_debug), and of whole calls; \
            quantiles are at most 1 % off. Logs of any size are read in bounded memory. With --model calls alone are counted.
            """,
        arguments: [LogSelection.argument],
        options: LogSelection.options + [
            .value(
                "--by", named: "GROUP", hint: .choices(SessionStatistics.Grouping.allCases.map(\.rawValue)),
                help: "Count also by model, provider, session or day (in UTC)."),
            .flag("--json", help: "Print JSON; lengths of time are in milliseconds."),
        ],
        examples: [
            Example("vllm-host events stats", "See what the last session took."),
            Example("vllm-host events stats --all --since 7d --by model", "Compare the models of a week."),
            Example("vllm-host events stats --all --json | jq .calls.time_to_first_token_ms.p99", "Watch a figure in a script."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            let logs = try LogSelection(command, terminal)
            let grouping = command.value("by").flatMap { SessionStatistics.Grouping(rawValue: $0) }
            var statistics = SessionStatistics(grouping: grouping, filter: logs.filter)
            let outcome = try logs.read(query: SessionStatistics.query) { line in
                switch line {
                case .record(let record): statistics.add(record)
                case .skipped: statistics.skip()
                }
            } end: { lineCount in
                statistics.endLog(lineCount: lineCount)
            }
            if command.flag("json") {
                var json = statistics.json
                json["bytes"] = .integer(outcome.bytes)
                json["unreadable_logs"] = .integer(outcome.unreadableCount)
                terminal.print(JSONValue.object(json).text + "\n")
            } else {
                StatisticsPrinter(statistics, outcome, terminal).print()
            }
            return outcome.exitCode
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }
}
