import ArgumentParsing
import Configuration
import JSON
import SessionLog
import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `vllm-host events prune`: removes old sessions.
struct EventsPruneCommand {
    static let command = Command(
        "prune", summary: "Remove old sessions: their logs and conversations.",
        discussion: """
            A session that is beyond one of the limits goes; at least one limit has to be given. Sessions of this folder's project, unless \
            --project names another one or --all asks for those of all. Conversations whose log is gone count as sessions. One that is \
            being written stays, and so does a folder with files in it that are no session's.
            """,
        options: SessionArgument.options + [
            .value("--older-than", named: "AGE", help: "Remove sessions that were not written to for so long: 12h, 30d, 8w."),
            .value("--keep", named: "N", hint: .integer, help: "Keep the last N sessions."),
            .value("--max-size", named: "SIZE", help: "Keep the last sessions as long as their logs have at most this size: 500MiB, 5GiB."),
            .value("--project", named: "NAME", help: "Project: its folder, or the name that its folder has below the session root."),
            .flag("-a", "--all", help: "Remove sessions of all projects."),
            .flag("-n", "--dry-run", help: "Say what would be removed, and remove nothing."),
            .flag("-y", "--yes", help: "Do not ask."),
            .flag("--json", help: "Print JSON."),
        ],
        examples: [
            Example("vllm-host events prune --all --older-than 30d --dry-run", "See what a month's limit would remove."),
            Example("vllm-host events prune --all --max-size 5GiB --yes", "Keep the logs small, from a timer."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    /// A session and what becomes of it.
    private typealias Result = (session: SessionLocation, removal: SessionStore.Removal)

    func run() -> Int32 {
        do {
            let isTrial = command.flag("dry-run")
            let pruning = try pruning()
            let store = SessionStore(paths: try SessionArgument.paths(command, environment: ProcessEnvironment.current()))
            let selected = pruning.selected(from: store.removableSessions(in: try project()))
            let results = selected.map { (session: $0, removal: store.remove($0, isTrial: true)) }
            guard !isTrial, results.contains(where: { $0.removal == .removed }) else { return report(results, isTrial: isTrial) }
            if !command.flag("yes") {
                guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1, !command.flag("json") else {
                    throw command.usageError("without a terminal to ask on, give --yes to remove sessions, or --dry-run to see which")
                }
                list(results)
                guard asks(results) else { return ExitStatus.done }
            }
            let removed = results.map { $0.removal == .removed ? ($0.session, store.remove($0.session)) : $0 }
            return report(removed, isTrial: false, wasListed: !command.flag("yes"))
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }

    /// The limits on the command line.
    private func pruning() throws(UsageError) -> SessionPruning {
        var pruning = SessionPruning()
        if let text = command.value("older-than") {
            guard let age = TimeArgument.age(text) else {
                throw command.usageError("`--older-than` must be an age such as 30d, not `\(text)`")
            }
            pruning.age = age
        }
        pruning.count = try command.int("keep", in: 0...Int.max)
        if let text = command.value("max-size") {
            guard let bytes = ByteSize.bytes(text) else {
                throw command.usageError("`--max-size` must be a size such as 5GiB, not `\(text)`")
            }
            pruning.bytes = bytes
        }
        guard pruning != SessionPruning() else {
            throw command.usageError("say what is to go: give --older-than, --keep or --max-size")
        }
        return pruning
    }

    private func project() throws(UsageError) -> String? {
        guard let name = command.value("project") else { return command.flag("all") ? nil : SessionPaths.project() }
        guard !command.flag("all") else { throw command.usageError("`--project` and `--all` exclude each other") }
        guard !name.isEmpty else { throw command.usageError("`--project` names no project") }
        return name.contains("/") || name == "." || name == ".." ? SessionPaths.project(of: name) : name
    }

    private func asks(_ results: [Result]) -> Bool {
        terminal.note("remove \(Self.amount(results))? [y/N] ")
        let answer = readLine()?.lowercased()
        return answer == "y" || answer == "yes"
    }

    private func report(_ results: [Result], isTrial: Bool, wasListed: Bool = false) -> Int32 {
        if command.flag("json") {
            terminal.print(Self.json(results, isTrial: isTrial).text + "\n")
        } else {
            if !wasListed { list(results) }
            complain(results)
            let amount = Self.amount(results)
            terminal.note(terminal.dimmed(isTrial ? "would remove \(amount)\n" : "removed \(amount)\n"))
        }
        let hasFailed = results.contains { if case .failed = $0.removal { true } else { false } }
        return hasFailed ? ExitStatus.failure : ExitStatus.done
    }

    /// What goes, on standard output.
    private func list(_ results: [Result]) {
        var table = TextTable([
            TextTable.Column(title: "WRITTEN"), TextTable.Column(title: "SESSION"), TextTable.Column(title: "SIZE", isRightAligned: true),
            TextTable.Column(title: "PROJECT"),
        ])
        let removed = results.filter { $0.removal == .removed }
        for (session, _) in removed {
            table.add(
                [LocalTime(session.modified).dateAndTime, session.id, ByteCount.text(session.bytes), session.project].map(
                    Terminal.withoutControls))
        }
        if !removed.isEmpty { terminal.print(table.text(width: nil) { _, _, text in text }) }
    }

    /// What stays against the limits, on standard error.
    private func complain(_ results: [Result]) {
        for (session, removal) in results {
            switch removal {
            case .removed: break
            case .kept(let reason): terminal.complain("\(session.id) stays: \(reason)")
            case .failed(let reason): terminal.complain("cannot remove \(session.folder): \(reason)")
            }
        }
    }

    private static func amount(_ results: [Result]) -> String {
        let removed = results.filter { $0.removal == .removed }
        let bytes = total(removed)
        return "\(removed.count) \(removed.count == 1 ? "session" : "sessions"), \(ByteCount.text(bytes))"
    }

    private static func total(_ results: [Result]) -> Int {
        results.reduce(0) { $0.addingReportingOverflow($1.session.bytes).partialValue }
    }

    private static func json(_ results: [Result], isTrial: Bool) -> JSONValue {
        func object(_ result: Result, _ reason: String? = nil) -> JSONValue {
            let session = result.session
            var members: JSONObject = [
                "session_id": .string(session.id), "project": .string(session.project), "path": .string(session.folder),
                "bytes": .integer(session.bytes), "modified": .string(session.modified.description),
            ]
            members["reason"] = reason.map { .string($0) }
            return .object(members)
        }
        let removed = results.filter { $0.removal == .removed }
        let kept = results.compactMap { if case .kept(let reason) = $0.removal { object($0, reason) } else { nil } }
        let failed = results.compactMap { if case .failed(let reason) = $0.removal { object($0, reason) } else { nil } }
        return [
            "dry_run": .bool(isTrial), "removed": .array(removed.map { object($0) }), "kept": .array(kept), "failed": .array(failed),
            "bytes": .integer(total(removed)),
        ]
    }
}
