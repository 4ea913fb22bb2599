import ArgumentParsing
import Configuration
import JSON
import Locks
import Replay
import ReplayServer
import VLLMSimulator

/// `vllm-host replay serve`: an HTTP server that answers recorded requests with recorded bytes.
struct ReplayServeCommand {
    static let command = Command(
        "serve", summary: "Serve the recorded answers of a log, byte for byte, to any client.",
        discussion: """
            Requests are answered as they were when they were recorded: status, header fields, bytes, pauses, and connections that broke. \
            Equal requests get their answers in the order of the log, and the last one again. What was not recorded is refused with 404, and \
            the error says what is nearest in the log. Logs have exchanges that were recorded with `--set debug=true --set raw_debug=true`.

            It serves until it is interrupted.
            """,
        arguments: [SessionArgument.argument],
        options: SessionArgument.options + [
            .value(
                "--match", named: "HOW", hint: .choices(ExchangeMatch.allCases.map(\.rawValue)),
                help: "Same request: strict with the same body, loose without sampling, order whatever it asks.", default: "strict"),
            .value("--speed", named: "N", hint: .number, help: "How many times as fast as recorded to answer.", default: "1"),
            .flag("--no-wait", help: "Answer at once, without the recorded pauses."),
            .value("--host", named: "ADDRESS", help: "Address to listen on.", default: "127.0.0.1"),
            .value("-p", "--port", named: "PORT", hint: .integer, help: "Port to listen on; 0 takes any that is free.", default: "0"),
            .flag("--once", help: "End when each recorded answer was given."),
            .flag("--json", help: "Print where it listens as JSON."),
        ],
        examples: [
            Example("vllm-host replay serve last --port 8000", "Stand in for the server of the last session."),
            Example("vllm-host replay serve run.jsonl --no-wait --match loose", "Serve a log to tests that sample otherwise."),
        ])

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        do {
            let (over, end) = AsyncStream.makeStream(of: Void.self)
            let log = try SessionArgument(command, environment: ProcessEnvironment.current()).logPath(command.arguments.first)
            let exchanges = try RecordedExchanges.read(
                log: log, match: command.value("match").flatMap(ExchangeMatch.init) ?? .strict)
            guard !exchanges.exchanges.isEmpty else { throw noExchanges(log, exchanges) }
            let server = try ReplayServer(exchanges, options: try options(end))
            announce(server, log, exchanges)
            for await _ in over where command.flag("once") && server.hasAnsweredAll { break }
            server.stop()
            return ExitStatus.done
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }

    /// - Parameter end: is told when an answer is over.
    private func options(_ end: AsyncStream<Void>.Continuation) throws -> ReplayServer.Options {
        if command.flag("no-wait"), command.flag("speed") { throw command.usageError("`--speed` and `--no-wait` exclude each other") }
        var options = ReplayServer.Options()
        options.host = command.value("host") ?? options.host
        options.port = try command.int("port", in: 0...65535) ?? 0
        options.speed = command.flag("no-wait") ? nil : try command.double("speed", in: PlaybackSchedule.speeds) ?? 1
        let terminal = terminal
        options.observe = { event in
            switch event {
            case .served: break
            case .missed(_, let message): terminal.complain(message)
            case .finished: end.yield()
            }
        }
        return options
    }

    private func announce(_ server: ReplayServer, _ log: String, _ exchanges: RecordedExchanges) {
        let count = exchanges.exchanges.count
        if command.flag("json") {
            let report: JSONObject = [
                "base_url": .string(server.baseURL), "log": .string(log), "exchanges": .integer(count),
                "skipped_lines": .integer(exchanges.problems.count),
            ]
            terminal.print(JSONValue.object(report).text + "\n")
        } else {
            terminal.print("serving \(count) recorded exchange\(count == 1 ? "" : "s") on \(server.baseURL)\n")
        }
        for problem in exchanges.problems.prefix(5) { terminal.complain("\(log): line \(problem.line): \(problem.reason)") }
        if exchanges.problems.count > 5 { terminal.complain("\(log): \(exchanges.problems.count - 5) more lines were skipped") }
    }

    private func noExchanges(_ log: String, _ exchanges: RecordedExchanges) -> InputError {
        let skipped = exchanges.problems.first.map { "; \(exchanges.problems.count) lines were skipped, line \($0.line): \($0.reason)" }
        return InputError(
            message: "\(log) has no exchanges with a server: record them with --set debug=true --set raw_debug=true\(skipped ?? "")")
    }
}
