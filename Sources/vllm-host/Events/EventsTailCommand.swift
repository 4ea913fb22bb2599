import ArgumentParsing
import Configuration
import JSON
import SessionLog

/// `vllm-host events tail`: the end of a log, and what comes.
struct EventsTailCommand {
    static let command = Command(
        "tail", summary: "Show the last records of a session, and with -f those that come.",
        discussion: """
            Following goes on where the log is put aside and begun anew, or is cut; Ctrl-C ends it. Records are shown as they stand in the log; \
            `events show --json --raw` puts back what it holds only once.
            """,
        arguments: [SessionArgument.argument],
        options: SessionArgument.options + [
            .flag("-f", "--follow", help: "Wait for more."),
            .flag("--wait", help: "With -f: wait also for the session, where there is none yet."),
            .value("-n", "--lines", named: "N", hint: .integer, help: "How many records to begin with.", default: "10"),
            .flag("--json", help: "Print the records as JSON, one in each line."),
        ] + RecordFilterOptions.withText,
        examples: [
            Example("vllm-host events tail -f", "Watch the last session."),
            Example("vllm-host events tail -f --wait -n 0 --level warning", "Be told of what goes wrong in the next one."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            guard command.flag("follow") || !command.flag("wait") else { throw command.usageError("`--wait` goes with `--follow`") }
            let query = try RecordFilterOptions.query(command)
            let count = try command.int("lines", in: 0...1_000_000) ?? 10
            let path = try path()
            var follower = try SessionLogFollower(path: path, last: count, query: query)
            if command.flag("follow") {
                try follow(&follower)
            } else {
                var skipped = SkippedLines()
                while let event = try follower.next() { print(event, &skipped) }
                if let last = follower.finish() { print(.line(last), &skipped) }
                skipped.tell(terminal)
            }
            return ExitStatus.done
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }

    /// The log, for which is waited where that is wanted.
    private func path() throws -> String {
        let sessions = try SessionArgument(command, environment: ProcessEnvironment.current())
        var hasTold = false
        while true {
            do throws(InputError) {
                return try sessions.logPath(command.arguments.first)
            } catch {
                guard command.flag("wait"), error.isMissingFile else { throw error }
                if !hasTold { terminal.note(terminal.dimmed("waiting for a session: \(error)\n")) }
                hasTold = true
                try wait(nil)
            }
        }
    }

    private func follow(_ follower: inout SessionLogFollower) throws {
        // Before the first look: what comes between that and the waiting is not missed.
        let watcher = FolderWatcher(folderOf: follower.path)
        while true {
            var skipped = SkippedLines()
            while let event = try follower.next() { print(event, &skipped) }
            skipped.tell(terminal)
            try wait(watcher)
        }
    }

    /// Waits until something happens to the log, or a little while.
    private func wait(_ watcher: FolderWatcher?) throws {
        let isRead = watcher?.wait(milliseconds: 1000) ?? FolderWatcher.pause(milliseconds: 250)
        // Nobody reads what would be printed.
        if !isRead { Interrupts.report(.brokenPipe) }
    }

    private func print(_ event: SessionLogFollower.Event, _ skipped: inout SkippedLines) {
        switch event {
        case .line(.record(let record)):
            terminal.print(command.flag("json") ? JSONValue.object(record.members).text + "\n" : RecordLine(terminal).text(record))
        case .line(.skipped(let line, let reason)): skipped.add(line, reason)
        case .rotated: terminal.note(terminal.dimmed("the log was put aside; a new one goes on\n"))
        case .truncated: terminal.note(terminal.dimmed("the log was cut; reading from its beginning\n"))
        }
    }
}
