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
            let images = try command.values("image").map(ImageInput.block)
            let settings = ChatSettings(options: try SessionSetup.promptOptions(command), images: images)
            let setup = try SessionSetup(command, terminal)
            // From here on the server is asked: what is wrong on the command line has been said.
            let session = try setup.session(recorder, command)
            terminal.note(terminal.dimmed("/help lists the commands, Ctrl-D ends the session.\n"))
            SessionSetup.tellResumption(recorder, terminal)
            await talk(session, settings)
            await session.close()
            if let loss = session.conversationLoss { terminal.complain("the conversation was not kept: \(loss)") }
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

    private func talk(_ session: HostSession, _ initial: ChatSettings) async {
        var settings = initial
        let lines = LineSource(historyPath: historyPath, recorder: session.recorder, stop: stop)
        while stop.cause == nil, let line = await lines.next() {
            do {
                switch try ChatLine(line) {
                case .nothing: continue
                case .quit: return
                case .help: terminal.note(ChatLine.commands)
                case .log: terminal.note("\(session.recorder.logPath)\n")
                case .new:
                    session.forget()
                    terminal.note(terminal.dimmed("a new conversation\n"))
                case .provider(let name?): try session.select(name == "*" ? nil : name)
                case .provider(nil): terminal.note(ProviderList(session).text)
                case .system(let text?): session.system = text
                case .system(nil): terminal.note("\(session.system ?? "there is no system message")\n")
                case .setting(let setting): terminal.note(try settings.change(setting))
                case .prompt(let text):
                    let prompt = PromptInput.message(text, settings.images)
                    if await answer(prompt, session, settings.options) { settings.images = [] }
                }
            } catch {
                terminal.complain("\(error)")
            }
        }
    }

    /// Answers a prompt; returns whether it is part of the conversation now.
    private func answer(_ prompt: Message, _ session: HostSession, _ options: PromptOptions) async -> Bool {
        let printer = AnswerPrinter(terminal)
        let interrupted = StopFlag()
        Interrupts.listen { cause in
            if !cause.isInterrupt {
                // First: what is stopped meets the reader who went away, and without a listener that would end the process.
                Interrupts.insist(on: cause) { [recorder = session.recorder] in recorder.finish(status: "cancelled") }
                stop.set(cause)
            }
            interrupted.set(cause)
        }
        let task = Task { try await session.execute(prompt, options: options) { printer.show($0) } }
        interrupted.whenSet { task.cancel() }
        do {
            let result = try await task.value
            printer.finish()
            printer.showOtherChoices(result.response)
            RunReport(result: result, model: printer.model, recorder: session.recorder).show(terminal)
            return true
        } catch {
            printer.finish()
            let wasStopped = (error as? ProviderError)?.code == .cancelled
            if wasStopped { terminal.note(terminal.dimmed("stopped\n")) } else { terminal.complain("\(error)") }
            return wasStopped
        }
    }

    private var historyPath: String? {
        SessionSetup.folder("XDG_STATE_HOME", otherwise: "/.local/state", environment).map { $0 + "/vllm-host/history" }
    }
}
