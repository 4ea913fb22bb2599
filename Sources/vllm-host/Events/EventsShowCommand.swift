import ArgumentParsing
import Configuration
import JSON
import SessionLog

/// `vllm-host events show`: a session from its beginning to its end.
struct EventsShowCommand {
    static let command = Command(
        "show", summary: "Show what happened in a session, one thing below the other.",
        discussion: """
            Prompts, the calls of the model below them, and what belongs to a call further in. Without filters the events that say the same \
            again are left out; --verbose, or a filter, shows them.
            """,
        arguments: [SessionArgument.argument],
        options: SessionArgument.options + [
            .flag("--content", help: "Show prompts, answers and results of tools in full."),
            .flag("-v", "--verbose", help: "Show every event."),
            .flag("--json", help: "Print the records as JSON, one in each line."),
            .flag("--raw", help: "With --json: with what the log holds only once put back into every record."),
        ] + RecordFilterOptions.withText,
        examples: [
            Example("vllm-host events show", "See what the last session did."),
            Example("vllm-host events show 19ebb --content", "Read a conversation."),
            Example("vllm-host events show --json --raw -e llm:request:raw | jq .data.data.request", "Get the requests that were sent."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            guard command.flag("json") || !command.flag("raw") else { throw command.usageError("`--raw` goes with `--json`") }
            let query = try RecordFilterOptions.query(command)
            let path = try SessionArgument(command, environment: ProcessEnvironment.current()).logPath(command.arguments.first)
            var reader = try SessionLogReader(path: path, unpacksContents: command.flag("raw"), query: query)
            var skipped = SkippedLines()
            var outline = SessionOutline(
                showsEverything: command.flag("verbose") || RecordFilterOptions.areGiven(command), showsContents: command.flag("content"))
            var progress = ReadingProgress(of: command.flag("json") ? reader.progress.totalBytes : 0, terminal)
            defer { progress.end() }
            while let line = try reader.next(afterBlock: { progress.block($0) }) {
                switch line {
                case .record(let record) where command.flag("json"): terminal.print(JSONValue.object(record.members).text + "\n")
                case .record(let record): for line in outline.add(record) { print(line) }
                case .skipped(let line, let reason): skipped.add(line, reason)
                }
            }
            progress.end()
            skipped.tell(terminal)
            return ExitStatus.done
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }

    private func print(_ line: SessionOutline.Line) {
        let indent = String(repeating: "  ", count: line.depth)
        var text = TextTable.inOneLine(line.text)
        if terminal.isInteractive, !line.isWhole { text = TextTable.cut(text, to: max(20, terminal.width - 14 - indent.count)) }
        switch line.kind {
        case .ordinary: break
        case .heading: text = terminal.styled(text, .bold)
        case .call: text = terminal.styled(text, .cyan)
        case .quiet: text = terminal.styled(text, .dim)
        case .warning: text = terminal.styled(text, .yellow)
        case .error: text = terminal.styled(text, .red)
        }
        terminal.print(terminal.styled(line.clock, .dim) + "  " + indent + text + "\n")
    }
}
