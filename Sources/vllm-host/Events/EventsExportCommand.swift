import ArgumentParsing
import Configuration
import SessionLog
import SessionTimeline

/// `vllm-host events export`: what happened in sessions, for other programs.
struct EventsExportCommand {
    static let command = Command(
        "export", summary: "Write sessions as OpenTelemetry, as a trace for Perfetto, or as CSV.",
        discussion: """
            otlp is one ExportTraceServiceRequest in OTLP/JSON, otlp-metrics one ExportMetricsServiceRequest, both after the semantic conventions \
            for generative AI 1.41; with OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental after those that come behind it. Each prompt \
            is a trace, each call a span with all its attempts. chrome is the trace event format: open it in ui.perfetto.dev. csv has a \
            row for each call; cells that a spreadsheet would take for a formula begin with an apostrophe. What was said is written with \
            --content alone.
            """,
        arguments: [LogSelection.argument],
        options: LogSelection.options + [
            .value(
                "-f", "--format", named: "FORMAT", hint: .choices(LogExport.Format.allCases.map(\.rawValue)), help: "Form to write.",
                default: "otlp"),
            .value("-o", "--output", named: "FILE", hint: .file, help: "File to write, over what it holds.", default: "standard output"),
            .flag("--content", help: "Write prompts, answers, arguments and results of tools, too."),
        ],
        examples: [
            Example("vllm-host events export -f chrome -o trace.json", "Look at the last session in Perfetto."),
            Example(
                "vllm-host events export | curl -H 'Content-Type: application/json' -d @- http://127.0.0.1:4318/v1/traces",
                "Hand the last session to a collector."),
            Example("vllm-host events export --all -f csv -o calls.csv", "Have all calls in a spreadsheet."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            let format = LogExport.Format(rawValue: command.value("format") ?? "otlp") ?? .otlp
            let includesContents = command.flag("content")
            let logs = try LogSelection(command, terminal)
            let conventions = SemanticConventions(optIn: ProcessEnvironment.current()["OTEL_SEMCONV_STABILITY_OPT_IN"])
            var output = try ExportOutput(command.value("output"), terminal)
            var export = LogExport(format, includesContents: includesContents, conventions: conventions, filter: logs.filter)
            try output.write(export.begin())
            var skippedCount = 0
            let outcome = try logs.read(unpacksContents: includesContents, query: LogExport.query) { line in
                switch line {
                case .record(let record): try output.write(export.add(record))
                case .skipped: skippedCount += 1
                }
            } end: { _ in
                try output.write(export.endLog())
            }
            try output.write(export.end())
            try output.finish()
            if skippedCount > 0 { terminal.complain("\(FigureText.count(skippedCount, "line")) without a record passed over") }
            return outcome.exitCode
        } catch {
            return Failure.tell(error, asJSON: false, terminal)
        }
    }
}
