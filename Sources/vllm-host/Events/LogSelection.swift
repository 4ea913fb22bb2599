import ArgumentParsing
import Configuration
import SessionLog
import SessionTimeline

/// The logs that a command goes through, and which calls in them it looks at: the sessions that are named, else the last one, or all of a
/// project.
struct LogSelection {
    /// The arguments, for commands that look into any number of sessions.
    static let argument = Argument(
        "SESSION", hint: .file,
        help: "Event logs, session folders, `last` or beginnings of sessions' ids; this project's sessions come first. [default: last]",
        isOptional: true, isRepeatable: true)

    /// The options that go with them.
    static let options: [Option] =
        SessionArgument.options + [
            SessionArgument.projectOption, .flag("-a", "--all", help: "Look into the sessions of all projects."),
            .value("--since", named: "TIME", help: "Only what began since then: \(TimeArgument.forms)."),
            .value("--until", named: "TIME", help: "Only what began before."),
            .value("-m", "--model", named: "TEXT", help: "Only calls of models whose name has this text in it."),
        ]

    /// Where the logs are.
    let paths: [String]
    /// What is looked at in them.
    let filter: CallFilter
    /// Whether the user has named each of them.
    private let areNamed: Bool
    private let totalBytes: Int
    private let terminal: Terminal

    /// - Throws: `UsageError`, `InputError`, `SessionLogError`.
    init(_ command: ParsedCommand, _ terminal: Terminal) throws {
        self.terminal = terminal
        filter = CallFilter(
            since: try TimeArgument.time(command, "since"), until: try TimeArgument.time(command, "until"), model: command.value("model"))
        let sessions = try SessionArgument(command, environment: ProcessEnvironment.current())
        areNamed = !(command.flag("all") || command.flag("project"))
        if !areNamed {
            guard command.arguments.isEmpty else {
                throw command.usageError("SESSION and `--\(command.flag("all") ? "all" : "project")` exclude each other")
            }
            let since = filter.since
            let chosen = sessions.sessions(in: try sessions.project(command)).filter { session in
                since.map { $0 <= session.modified } ?? true
            }
            paths = chosen.map(\.logPath)
            totalBytes = chosen.reduce(0) { $0.addingReportingOverflow($1.bytes).partialValue }
        } else {
            let texts: [String?] = command.arguments.isEmpty ? [nil] : command.arguments
            paths = try texts.map { try sessions.logPath($0) }
            // Opens each, so that one that is not there is told before anything is printed.
            totalBytes = try paths.reduce(0) { try $0.addingReportingOverflow(SessionLogReader(path: $1).progress.totalBytes).partialValue }
        }
    }

    /// What reading came to.
    struct Outcome {
        /// How many bytes there were.
        var bytes = 0
        /// How many logs could not be read, or not to their end.
        var unreadableCount = 0

        /// How a command ends that has done what it could.
        var exitCode: Int32 { unreadableCount == 0 ? ExitStatus.done : ExitStatus.incomplete }
    }

    /// Goes through the logs, line by line, with a bar that tells how far it is where there is much to read. Where nobody has named them, one
    /// that cannot be read is told, and does not keep from the others.
    /// - Parameters:
    ///   - unpacksContents: whether records come whole.
    ///   - query: which records are wanted.
    ///   - end: is called at the end of each log, with the number of its lines.
    /// - Throws: what `body` and `end` throw; `SessionLogError` where a log that was named cannot be read.
    func read(
        unpacksContents: Bool = false, query: RecordQuery, _ body: (SessionLogLine) throws -> Void, end: (_ lineCount: Int) throws -> Void
    ) throws -> Outcome {
        var progress = ReadingProgress(of: totalBytes, terminal)
        defer { progress.end() }
        var outcome = Outcome()
        for path in paths {
            var reader: SessionLogReader
            do throws(SessionLogError) {
                reader = try SessionLogReader(path: path, unpacksContents: unpacksContents, query: query)
            } catch {
                try passOver(error, &outcome)
                continue
            }
            while true {
                let line: SessionLogLine?
                do throws(SessionLogError) {
                    line = try reader.next(afterBlock: { progress.blockOfLog($0) })
                } catch {
                    try passOver(error, &outcome)
                    break
                }
                guard let line else { break }
                try body(line)
            }
            outcome.bytes = outcome.bytes.addingReportingOverflow(reader.progress.bytesRead).partialValue
            progress.endLog(reader.progress.bytesRead)
            try end(reader.lineCount)
        }
        return outcome
    }

    /// Tells of a log that cannot be read.
    private func passOver(_ error: SessionLogError, _ outcome: inout Outcome) throws(SessionLogError) {
        guard !areNamed else { throw error }
        terminal.complain("\(error)")
        outcome.unreadableCount += 1
    }
}
