import ArgumentParsing
import Configuration
import HostSession
import JSON
import ProviderKit
import VLLMProvider

/// `vllm-host run`: asks one prompt.
struct RunCommand {
    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        if command.flag("dry-run") || command.flag("curl") { return plan() }
        let recorder: SessionRecorder
        do {
            recorder = try SessionSetup.recorder(command, environment: ProcessEnvironment.current())
        } catch {
            return fail(error, nil)
        }
        do {
            let code = try await ask(recorder)
            recorder.finish()
            return code
        } catch {
            recorder.finish(error: "\(error)")
            return fail(error, recorder)
        }
    }

    private func ask(_ recorder: SessionRecorder) async throws -> Int32 {
        let prompt = try PromptInput.read(command)
        let setup = try SessionSetup(command, terminal)
        let session = try setup.session(recorder)
        let options = try SessionSetup.promptOptions(command)
        let printer = AnswerPrinter(terminal, isSilent: command.flag("json"), isQuiet: command.flag("quiet"))
        let task = Task { try await session.execute(prompt, options: options) { printer.show($0) } }
        Interrupts.listen { task.cancel() }
        let result: TurnResult
        do {
            result = try await task.value
        } catch {
            printer.finish()
            await session.close()
            throw error
        }
        printer.finish()
        await session.close()
        let report = RunReport(result: result, model: printer.model, recorder: recorder)
        if command.flag("json") {
            terminal.print(report.json.text + "\n")
        } else if !command.flag("quiet") {
            if let table = report.logprobTable { terminal.note(table) }
            terminal.note(terminal.dimmed(report.summary) + "\n")
        }
        if let lost = recorder.lostRecords { terminal.complain("\(lost.count) events were not logged: \(lost.reason)") }
        return ExitStatus.done
    }

    /// Prints what would be sent.
    private func plan() -> Int32 {
        do {
            let prompt = try PromptInput.read(command)
            let setup = try SessionSetup(command, terminal)
            guard let provider = try setup.provider() as? VLLMProvider else { return ExitStatus.internalError }
            let options = try SessionSetup.promptOptions(command)
            var request = ChatRequest(messages: [.user(prompt)])
            request.stream = options.streams
            let planned = try provider.plannedRequests(request, options: options.call)
            terminal.print(command.flag("curl") ? RequestPrinter.curl(planned) : RequestPrinter.json(planned))
            return ExitStatus.done
        } catch {
            return fail(error, nil)
        }
    }

    private func fail(_ error: any Error, _ recorder: SessionRecorder?) -> Int32 {
        if command.flag("json") {
            terminal.print(RunReport.json(of: error, recorder: recorder).text + "\n")
        } else {
            terminal.complain("\(error)")
            if let recorder, !command.flag("quiet") { terminal.note(terminal.dimmed("events: \(recorder.logPath)") + "\n") }
        }
        return ExitStatus.code(of: error)
    }
}
