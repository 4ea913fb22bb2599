import ArgumentParsing
import Configuration
import Replay
import SessionTimeline

/// `vllm-host replay play`: a session again on the terminal, with its own timing.
struct ReplayPlayCommand {
    static let command = Command(
        "play", summary: "Show a session again as it happened, with its own timing.",
        discussion: """
            Keys, on a terminal: space pauses and goes on, → or n shows the next thing and pauses, + and - change the speed, q quits. Pauses of \
            the person at the keyboard are cut to two seconds.

            A place is a call's number in the log (3), a time from its beginning (90s, 1:30) or a date and time.
            """,
        arguments: [SessionArgument.argument],
        options: SessionArgument.options + [
            .value("--speed", named: "N", hint: .number, help: "How many times as fast as it was.", default: "1"),
            .flag("--no-wait", help: "Show everything at once."),
            .value("--from", named: "PLACE", help: "Begin there."),
            .value("--to", named: "PLACE", help: "End there."),
        ],
        examples: [
            Example("vllm-host replay play last --speed 4", "See the last session again, four times as fast."),
            Example("vllm-host replay play run.jsonl --from 3 --to 3", "See the third call."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        do {
            if command.flag("no-wait"), command.flag("speed") { throw command.usageError("`--speed` and `--no-wait` exclude each other") }
            let speed = try command.double("speed", in: PlaybackSchedule.speeds) ?? 1
            let (from, to) = (try position("from"), try position("to"))
            let log = try SessionArgument(command, environment: ProcessEnvironment.current()).logPath(command.arguments.first)
            let session = try RecordedSession.read(log: log)
            let playback = Playback(session)
            guard let events = playback.events(from: from, to: to) else {
                throw InputError(message: "\(log) has \(playback.callCount) call\(playback.callCount == 1 ? "" : "s")")
            }
            guard !events.isEmpty else { throw InputError(message: "\(log) has nothing to show" + (from ?? to == nil ? "" : " there")) }
            let skipped = session.timeline.skippedLines
            if let first = skipped.first {
                terminal.complain("\(log): \(skipped.count) lines were skipped, line \(first.line): \(first.reason)")
            }
            await PlaybackScreen(terminal).play(PlaybackSchedule(events, speed: speed, waits: !command.flag("no-wait"), now: .now))
            return ExitStatus.done
        } catch {
            return Failure.tell(error, asJSON: false, terminal)
        }
    }

    private func position(_ key: String) throws(UsageError) -> PlaybackPosition? {
        guard let text = command.value(key) else { return nil }
        guard let position = PlaybackPosition(text) else {
            throw command.usageError("`--\(key)` must be a call's number, a time such as 90s or 1:30, or a date and time, not `\(text)`")
        }
        return position
    }
}
