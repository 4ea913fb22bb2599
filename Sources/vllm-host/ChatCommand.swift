import ArgumentParsing
import Configuration
import HostSession
import ProviderKit

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `vllm-host chat`: talks with the model, line by line.
struct ChatCommand {
    private static let help = """
        /new    forget the conversation and begin again
        /log    say where the event log is
        /help   list these commands
        /quit   end the session; Ctrl-D does it, too
        A line that ends in \\ goes on in the next one. Ctrl-C stops an answer and keeps the session.

        """

    private let command: ParsedCommand
    private let terminal: Terminal
    private let environment = ProcessEnvironment.current()
    /// Why the session ends before its time; Ctrl-C alone is no reason.
    private let stop = StopFlag()

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        let recorder: SessionRecorder
        do { recorder = try SessionSetup.recorder(command, terminal, environment: environment) } catch {
            return Failure.tell(error, asJSON: false, terminal)
        }
        do {
            let setup = try SessionSetup(command, terminal)
            let session = try setup.session(recorder)
            let options = try SessionSetup.promptOptions(command)
            terminal.note(terminal.dimmed("/help lists the commands, Ctrl-D ends the session.\n"))
            await talk(session, options)
            await session.close()
        } catch {
            recorder.finish(status: "error", error: "\(error)")
            return Failure.tell(error, asJSON: false, recorder: recorder, terminal)
        }
        recorder.finish(status: stop.cause == nil ? "ok" : "cancelled")
        terminal.note(terminal.dimmed("events: \(recorder.logPath)") + "\n")
        if let lost = recorder.lostRecords { terminal.complain("\(lost.count) events were not logged: \(lost.reason)") }
        if case .unwritableOutput(let reason) = stop.cause { terminal.complain("cannot write the answer: \(reason)") }
        return stop.cause?.exitCode ?? ExitStatus.done
    }

    private func talk(_ session: HostSession, _ options: PromptOptions) async {
        let lines = LineSource(historyPath: historyPath, recorder: session.recorder, stop: stop)
        while stop.cause == nil, let line = await lines.next() {
            switch line.split(whereSeparator: \.isWhitespace).joined(separator: " ") {
            case "": continue
            case "/quit", "/exit": return
            case "/help": terminal.note(Self.help)
            case "/log": terminal.note("\(session.recorder.logPath)\n")
            case "/new":
                session.forget()
                terminal.note(terminal.dimmed("a new conversation\n"))
            case let text where text.hasPrefix("/") && !text.contains(" ") && !text.dropFirst().contains("/"):
                terminal.complain("there is no command \(text); /help lists them")
            default: await answer(line, session, options)
            }
        }
    }

    private func answer(_ prompt: String, _ session: HostSession, _ options: PromptOptions) async {
        let printer = AnswerPrinter(terminal, isSilent: false, isQuiet: false)
        let interrupted = StopFlag()
        Interrupts.listen { cause in
            if !cause.isInterrupt { stop.set(cause) }
            interrupted.set(cause)
        }
        let task = Task { try await session.execute(prompt, options: options) { printer.show($0) } }
        interrupted.whenSet { task.cancel() }
        do {
            let result = try await task.value
            printer.finish()
            if let table = RunReport(result: result, model: printer.model, recorder: session.recorder).logprobTable { terminal.note(table) }
        } catch {
            printer.finish()
            if (error as? ProviderError)?.code == .cancelled {
                terminal.note(terminal.dimmed("stopped\n"))
            } else {
                terminal.complain("\(error)")
            }
        }
    }

    private var historyPath: String? {
        SessionSetup.folder("XDG_STATE_HOME", otherwise: "/.local/state", environment).map { $0 + "/vllm-host/history" }
    }
}
