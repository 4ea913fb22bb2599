import ArgumentParsing
import Configuration
import JSON
import SessionLog

/// `vllm-host events grep`: finds a text in the logs of sessions.
struct EventsGrepCommand {
    static let command = Command(
        "grep", summary: "Find a text in the records of sessions.",
        discussion: """
            PATTERN is a regular expression, as egrep has it, that is looked for in the lines of the logs, JSON with its escapes; with -F it is \
            a text, which is also found in strings as they were before JSON's escapes. Without SESSION the sessions of this folder's project \
            are searched, the oldest first. Exit code 0 where something was found, 1 where nothing was.
            """,
        arguments: [
            Argument("PATTERN", help: "What to look for."),
            Argument(
                "SESSION", hint: .file, help: "Event logs, session folders, `last` or beginnings of ids. [default: the project's]",
                isOptional: true, isRepeatable: true),
        ],
        options: SessionArgument.options + [
            SessionArgument.projectOption, .flag("-a", "--all", help: "Search the sessions of all projects."),
            .flag("-i", "--ignore-case", help: "Large and small letters are the same."),
            .flag("-F", "--fixed", help: "PATTERN is a text, not a regular expression."),
            .flag("-c", "--count", help: "Print how many records match."),
            .flag("-l", "--sessions", help: "Print the paths of the logs in which a record matches, and no records."),
            .flag("--contents", help: "Put back what a log holds only once, and look for PATTERN in the whole records; slower."),
            .flag("--json", help: "Print the records as JSON, one in each line."),
        ] + RecordFilterOptions.options,
        examples: [
            Example("vllm-host events grep -F 'connection refused' --all --since 1d", "See which sessions met an error."),
            Example("vllm-host events grep -c '\"finish_reason\":\"length\"'", "Count answers that were cut."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            var query = try RecordFilterOptions.query(command)
            let pattern = try self.pattern()
            query.text = pattern
            guard !command.flag("count") || !command.flag("sessions") else {
                throw command.usageError("`--count` and `--sessions` exclude each other")
            }
            let (logs, totalBytes) = try logs(since: query)
            var search = LogSearch(
                query: query, pattern: pattern, putsContentsBack: command.flag("contents"), output: output, showsSession: logs.count > 1,
                terminal: terminal)
            var progress = ReadingProgress(of: terminal.isInteractive && output == .lines ? 0 : totalBytes, terminal)
            defer { progress.end() }
            for log in logs { try search.search(log, &progress) }
            progress.end()
            search.skipped.tell(terminal)
            if output == .counts, logs.count == 1, !command.flag("json") { terminal.print("\(search.total)\n") }
            return search.total > 0 ? ExitStatus.done : ExitStatus.failure
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }

    private var output: LogSearch.Output {
        switch (command.flag("count"), command.flag("sessions"), command.flag("json")) {
        case (true, _, let isJSON): isJSON ? .countsAsJSON : .counts
        case (_, true, let isJSON): isJSON ? .pathsAsJSON : .paths
        case (_, _, true): .json
        default: .lines
        }
    }

    private func pattern() throws -> TextPattern {
        let text = command.arguments[0]
        guard !text.isEmpty else { throw command.usageError("PATTERN is an empty text") }
        if command.flag("fixed") { return TextPattern(text, ignoresCase: command.flag("ignore-case")) }
        return try RecordFilterOptions.expression(text, command)
    }

    /// The logs to search, and how many bytes they have. What was last written before `--since` holds nothing that is wanted.
    private func logs(since query: RecordQuery) throws -> (paths: [String], bytes: Int) {
        let sessions = try SessionArgument(command, environment: ProcessEnvironment.current())
        let named = command.arguments.dropFirst()
        if named.isEmpty {
            let chosen = sessions.sessions(in: try sessions.project(command)).filter { session in
                query.since.map { $0 <= session.modified } ?? true
            }
            return (chosen.reversed().map(\.logPath), chosen.reduce(0) { $0.addingReportingOverflow($1.bytes).partialValue })
        }
        guard !command.flag("all"), !command.flag("project") else {
            throw command.usageError("SESSION and `--\(command.flag("all") ? "all" : "project")` exclude each other")
        }
        let paths = try named.map { try sessions.logPath($0) }
        let bytes = try paths.reduce(0) { try $0.addingReportingOverflow(SessionLogReader(path: $1).progress.totalBytes).partialValue }
        return (paths, bytes)
    }
}
