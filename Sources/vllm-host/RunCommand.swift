import ArgumentParsing
import Configuration
import HostSession
import JSON
import ProviderKit
import VLLMProvider

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `vllm-host run`: asks one prompt.
struct RunCommand {
    private let command: ParsedCommand
    private let terminal: Terminal
    private let environment = ProcessEnvironment.current()

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        if command.flag("dry-run") || command.flag("curl") { return plan() }
        let recorder: SessionRecorder
        do { recorder = try SessionSetup.recorder(command, terminal, environment: environment) } catch {
            return tell(error, nil)
        }
        let stop = StopFlag()
        // As long as there is nothing to cancel, stopping is ending.
        Interrupts.listen { cause in
            recorder.finish(status: "cancelled")
            _exit(cause.exitCode)
        }
        do {
            try await ask(recorder, stop)
            recorder.finish(status: stop.cause == nil ? "ok" : "cancelled")
            // Only now: what the disk has not taken yet might still have been.
            if let lost = recorder.lostRecords { terminal.complain("\(lost.count) events were not logged: \(lost.reason)") }
        } catch {
            guard let cause = stop.cause else {
                recorder.finish(status: "error", error: "\(error)")
                return tell(error, recorder)
            }
            recorder.finish(status: "cancelled")
            if case .signal = cause { _ = tell(error, recorder) }
        }
        if case .unwritableOutput(let reason) = stop.cause { terminal.complain("cannot write the answer: \(reason)") }
        return stop.cause?.exitCode ?? ExitStatus.done
    }

    private func ask(_ recorder: SessionRecorder, _ stop: StopFlag) async throws {
        let prompt = try PromptInput.message(command)
        let options = try SessionSetup.promptOptions(command)
        let setup = try SessionSetup(command, terminal, environment: environment)
        // Before the server is asked, so that no signal falls in between.
        Interrupts.listen { cause in
            // First: what is stopped meets the reader who went away, and without a listener that would end the process.
            Interrupts.insist(on: cause) { recorder.finish(status: "cancelled") }
            stop.set(cause)
        }
        // From here on the server is asked: what is wrong on the command line has been said.
        let session = try setup.session(recorder, command)
        if !command.flag("json"), !command.flag("quiet") { SessionSetup.tellResumption(recorder, terminal) }
        let printer = AnswerPrinter(
            terminal, isSilent: command.flag("json"), isQuiet: command.flag("quiet"),
            labelsAnswers: (session.provider?.info.defaults["n"]?.int ?? 1) > 1)
        let task = Task { try await session.execute(prompt, options: options) { printer.show($0) } }
        stop.whenSet { task.cancel() }
        let result = await task.result
        printer.finish()
        await session.close()
        if case .success(let result) = result { printer.showOtherChoices(result.response) }
        let report = RunReport(result: try result.get(), model: printer.model, recorder: recorder)
        if command.flag("json") {
            terminal.print(report.json.text + "\n")
        } else if !command.flag("quiet") {
            report.show(terminal)
            terminal.note(terminal.dimmed(report.summary) + "\n")
        }
        if let loss = session.conversationLoss { terminal.complain("the conversation was not kept: \(loss)") }
    }

    /// Prints what would be sent.
    private func plan() -> Int32 {
        do {
            let prompt = try PromptInput.message(command)
            let setup = try SessionSetup(command, terminal, environment: environment)
            guard let provider = try setup.provider(terminal) as? VLLMProvider else {
                throw command.usageError("only \(VLLMProvider.moduleName) can tell its requests beforehand")
            }
            let options = try SessionSetup.promptOptions(command)
            let request = try setup.firstRequest(prompt, options, command)
            let planned = try provider.plannedRequests(request, options: options.call)
            terminal.print(command.flag("curl") ? RequestPrinter.curl(planned) : RequestPrinter.json(planned))
            return ExitStatus.done
        } catch {
            return tell(error, nil)
        }
    }

    private func tell(_ error: any Error, _ recorder: SessionRecorder?) -> Int32 {
        Failure.tell(error, asJSON: command.flag("json"), recorder: recorder, isQuiet: command.flag("quiet"), terminal)
    }
}
