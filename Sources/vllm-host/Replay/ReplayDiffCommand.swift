import ArgumentParsing
import Comparison
import Configuration
import HostSession
import SessionTimeline

/// `vllm-host replay diff`: compares two logs.
struct ReplayDiffCommand {
    static let command = Command(
        "diff", summary: "Compare the answers of two logs.",
        discussion: """
            Calls that ask the same are compared with each other, whatever their order; what is left is compared in order. Requests and \
            log-probabilities are in logs that were recorded with `--set debug=true --set raw_debug=true`; of others the answers alone are \
            compared. The exit code is 3 where the sessions differ by more than they may, and else 2 where one has calls that the other has \
            not, or a threshold cannot be checked.
            """,
        arguments: [
            Argument("OLD", hint: .file, help: "Event log, session folder, `last` or the beginning of a session's id."),
            Argument("NEW", hint: .file, help: "What it is compared with."),
        ],
        options: SessionArgument.options + ComparisonFlags.thresholds + ComparisonFlags.report,
        examples: [Example("vllm-host replay diff before.jsonl after.jsonl --json", "What has changed?")])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() -> Int32 {
        do {
            let thresholds = try ComparisonFlags.thresholds(command)
            let sessions = try SessionArgument(command, environment: ProcessEnvironment.current())
            let paths = try command.arguments.map { try sessions.logPath($0) }
            let timelines = try paths.map { try SessionTimeline.read(log: $0) }
            if let empty = timelines.firstIndex(where: { $0.calls.isEmpty }) { throw InputError(message: "\(paths[empty]) has no calls") }
            let comparison = SessionComparison(
                timelines[0], timelines[1], old: ComparedSession(log: paths[0]), new: ComparedSession(log: paths[1]), thresholds: thresholds
            )
            try ComparisonOutput(command, terminal).write(comparison)
            return ExitStatus.code(of: comparison.verdict)
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }
}
