import ArgumentParsing
import Configuration
import JSON
import SessionLog
import Timestamps

/// `vllm-host events list`: the sessions that there are.
struct EventsListCommand {
    static let command = Command(
        "list", summary: "List sessions, the last written first.",
        discussion: "The sessions of this folder's project, unless --project names another one or --all asks for those of all.",
        options: SessionArgument.options + [
            SessionArgument.projectOption, .flag("-a", "--all", help: "List the sessions of all projects."),
            .value("--since", named: "TIME", help: "Written to since then: \(TimeArgument.forms)."),
            .value("-m", "--model", named: "TEXT", help: "Only sessions whose model's name has this text in it."),
            .flag("--errors", help: "Only sessions that failed."),
            .value("-n", "--limit", named: "N", hint: .integer, help: "How many to list at most.", default: "20 on a terminal, else all"),
            .flag("--json", help: "Print JSON."),
        ],
        examples: [
            Example("vllm-host events list --all --since today --errors", "See what failed today."),
            Example("vllm-host events list --json | jq -r '.[].path'", "Go through the logs in a script."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            let sessions = try SessionArgument(command, environment: ProcessEnvironment.current())
            let project = try sessions.project(command)
            let locations = sessions.sessions(in: project)
            let summaries = try summaries(of: locations)
            if command.flag("json") {
                terminal.print(JSONValue.array(summaries.map(\.json)).text + "\n")
            } else if summaries.isEmpty {
                terminal.note(
                    terminal.dimmed("no such session\(project.map { " in project \($0); --all looks into all projects" } ?? "")\n"))
            } else {
                // Where a beginning is looked for: in this folder's project first, else in all.
                let known = project == sessions.project ? locations : sessions.sessions(in: nil)
                print(summaries, Self.uniqueBeginnings(of: known.map(\.id)), showsProject: project == nil)
            }
            return ExitStatus.done
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }

    /// What is to be listed. Logs are looked into until there are enough.
    private func summaries(of sessions: [SessionLocation]) throws -> [SessionSummary] {
        let since = try TimeArgument.time(command, "since")
        let limit = try command.int("limit", in: 1...Int.max) ?? (terminal.isInteractive && !command.flag("json") ? 20 : Int.max)
        var found: [SessionSummary] = []
        for session in sessions {
            if found.count == limit { break }
            // All that follow are older.
            if let since, session.modified < since { break }
            let summary = SessionSummary(of: session)
            if let model = command.value("model"), summary.model?.lowercased().contains(model.lowercased()) != true { continue }
            if command.flag("errors"), !summary.hasFailed { continue }
            found.append(summary)
        }
        return found
    }

    /// - Parameter beginnings: by what the id of each session that there is can be told from the others.
    private func print(_ summaries: [SessionSummary], _ beginnings: [String: String], showsProject: Bool) {
        var columns = [
            TextTable.Column(title: "WRITTEN"), TextTable.Column(title: "SESSION"), TextTable.Column(title: "STATUS"),
            TextTable.Column(title: "MODEL"), TextTable.Column(title: "SIZE", isRightAligned: true), TextTable.Column(title: "PROMPT"),
        ]
        if showsProject { columns.insert(TextTable.Column(title: "PROJECT"), at: 5) }
        var table = TextTable(columns)
        for summary in summaries {
            let id = summary.location.id
            var row = [
                LocalTime(summary.location.modified).dateAndTime, beginnings[id] ?? id, summary.status ?? "open",
                TextTable.cut(summary.model ?? "-", to: 32), ByteCount.text(summary.location.bytes), title(of: summary),
            ]
            if showsProject { row.insert(TextTable.cut(summary.location.project, to: 32), at: 5) }
            table.add(row)
        }
        let failed = Set(summaries.indices.filter { summaries[$0].hasFailed })
        terminal.print(
            table.text(width: terminal.isInteractive ? terminal.width : nil) { row, column, text in
                row < 0 ? terminal.styled(text, .dim) : column == 2 && failed.contains(row) ? terminal.styled(text, .red) : text
            })
    }

    private func title(of summary: SessionSummary) -> String {
        let count = summary.promptCount.map { $0 <= 1 ? "" : "(\($0)) " } ?? ""
        let text = summary.hasFailed ? summary.error ?? summary.name ?? "" : summary.name ?? ""
        return count + TextTable.cut(text, to: 200)
    }

    /// As much of each id as no other one begins with: eight characters at least.
    private static func uniqueBeginnings(of ids: [String]) -> [String: String] {
        let sorted = Set(ids).sorted()
        let shared = [0] + zip(sorted, sorted.dropFirst()).map { Self.sharedLength($0, $1) } + [0]
        return [String: String](
            uniqueKeysWithValues: sorted.enumerated().map { ($1, String($1.prefix(max(8, shared[$0] + 1, shared[$0 + 1] + 1)))) })
    }

    private static func sharedLength(_ left: String, _ right: String) -> Int { zip(left, right).prefix { $0 == $1 }.count }
}

extension SessionSummary {
    /// The session as `--json` tells of it.
    var json: JSONValue {
        var members: JSONObject = [
            "session_id": .string(location.id), "project": .string(location.project), "path": .string(location.logPath),
            "bytes": .integer(location.bytes), "modified": .string(location.modified.description),
        ]
        members["created"] = created.map { .string($0.description) } ?? .null
        members["provider"] = provider.map { .string($0) } ?? .null
        members["model"] = model.map { .string($0) } ?? .null
        members["status"] = status.map { .string($0) } ?? .null
        members["error"] = error.map { .string($0) } ?? .null
        members["prompt_count"] = promptCount.map { .integer($0) } ?? .null
        members["name"] = name.map { .string($0) } ?? .null
        members["working_dir"] = workingFolder.map { .string($0) } ?? .null
        return .object(members)
    }
}
