import ArgumentParsing
import Comparison
import Configuration
import HostSession
import JSON
import ProviderKit
import SessionTimeline
import VLLMProvider

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `vllm-host replay run`: makes the calls of a log again and compares the answers.
struct ReplayRunCommand {
    static let command = Command(
        "run", summary: "Make the calls of a log again, and compare the answers with the recorded ones.",
        discussion: """
            Every call is made as it was: its own messages, tools and settings, so that no tool runs and no answer changes a later \
            question. Settings on the command line take the place of the recorded ones. The log must have been recorded with \
            `--set debug=true --set raw_debug=true`; the new answers are recorded so, too. The exit code is 3 where the sessions differ by \
            more than they may, and 2 where calls failed that had been answered, or could not be made.
            """,
        arguments: [
            Argument("LOG", hint: .file, help: "Event log, session folder, `last` or the beginning of a session's id.")
        ],
        options: server + SessionArgument.options + calls + ComparisonFlags.thresholds + ComparisonFlags.report + GenerationFlags.options,
        examples: [
            Example("vllm-host replay run last --base-url http://127.0.0.1:8000", "Does the server still answer the same?"),
            Example(
                "vllm-host replay run old.jsonl -m new-model --min-similarity 0.8 --max-differences 5",
                "Would another model do? Let five answers differ."),
            Example("vllm-host replay run last -t 0 --only 3 --repeat 20", "How much does the server itself vary?"),
        ])

    private static let server: [Option] = HostCommand.server.map { option in
        guard option.key == "model" else { return option }
        var option = option
        option.help = "Model to ask in the place of the recorded one."
        option.defaultText = "the recorded one, or the server's only one"
        return option
    }

    private static let calls = HostCommand.under(
        "Calls",
        [
            .value(
                "--only", named: "CALL", help: "Make this call alone: its number, from 1, or the beginning of its id.", isRepeatable: true),
            .value("--limit", named: "N", hint: .integer, help: "Make so many calls at most.", default: "all"),
            .value("--repeat", named: "N", hint: .integer, help: "Make each call so many times.", default: "1"),
            .value("--concurrency", named: "N", hint: .integer, help: "How many calls are under way at once.", default: "8"),
        ])

    /// The new session is to be played, served and run again as well.
    private static let recording = ["debug", "raw_debug"].map {
        ConfigurationOverride(keys: [$0], value: .scalar(ConfigurationScalar("true", isPlain: true)), option: "replay run")
    }

    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        let environment = ProcessEnvironment.current()
        let job: ReplayJob
        let recorder: SessionRecorder
        do {
            job = try ReplayJob(command, environment: environment)
            recorder = try SessionSetup.recorder(command, terminal, environment: environment)
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
        let stop = StopFlag()
        // As long as there is nothing to cancel, stopping is ending.
        Interrupts.listen { cause in
            recorder.finish(status: "cancelled")
            _exit(cause.exitCode)
        }
        do {
            let comparison = try await compare(job, recorder, stop)
            recorder.finish(status: stop.cause == nil ? "ok" : "cancelled")
            if let lost = recorder.lostRecords { terminal.complain("\(lost.count) events were not logged: \(lost.reason)") }
            guard let comparison else { return stop.cause?.exitCode ?? ExitStatus.failure }
            try ComparisonOutput(command, terminal).write(comparison)
            return stop.cause?.exitCode ?? ExitStatus.code(of: comparison.verdict)
        } catch {
            recorder.finish(status: "error", error: "\(error)")
            let code = Failure.tell(error, asJSON: command.flag("json"), recorder: recorder, terminal)
            return stop.cause?.exitCode ?? code
        }
    }

    /// Makes the calls; `nil` when that was stopped.
    private func compare(_ job: ReplayJob, _ recorder: SessionRecorder, _ stop: StopFlag) async throws -> SessionComparison? {
        let setup = try SessionSetup(command, terminal, wanting: Self.recording)
        let session = try setup.session(recorder, command)
        guard let provider = session.provider else {
            throw HostError(.noProvider, "the mount plan has no provider", hint: "add one under `providers:`")
        }
        Interrupts.listen { cause in
            Interrupts.insist(on: cause) { recorder.finish(status: "cancelled") }
            stop.set(cause)
        }
        recorder.emit(EventName.replayStart, job.origin)
        let task = Task { () throws -> SessionComparison? in
            var plan = job.plan
            try await chooseModels(of: &plan, provider)
            var bar = ReplayProgress(terminal, total: plan.calls.count * job.repetitions, thresholds: job.thresholds)
            let sender = CallSender(provider: provider, concurrency: job.concurrency, repetitions: job.repetitions)
            let calls = await sender.send(plan.calls) { bar.add($0) }
            bar.end()
            guard let calls else { return nil }
            return job.comparison(calls, plan, label: label(setup, recorder), recorder)
        }
        stop.whenSet { task.cancel() }
        let result = await task.result
        await session.close()
        return try result.get()
    }

    private func chooseModels(of plan: inout ReplayPlan, _ provider: any Provider) async throws {
        let known: [String]?
        do throws(ProviderError) { known = try await provider.listModels().map(\.id) } catch {
            // A server that tells no models may answer all the same.
            guard error.code == .notFound else { throw error }
            known = nil
        }
        let choice = ModelChoice(given: command.value("model"), known: known, standard: provider.modelInfo?.id)
        var replaced: [String: String] = [:]
        for index in plan.calls.indices {
            let recorded = plan.calls[index].model
            let model = try choice.model(for: recorded)
            plan.calls[index].model = model
            if let recorded, let model, recorded != model { replaced[recorded] = model }
        }
        plan.notes += replaced.sorted { $0.key < $1.key }.map { "\($0.value) answers in the place of \($0.key)" }
    }

    /// Where the calls were sent, as the command line says it, else the provider's name.
    private func label(_ setup: SessionSetup, _ recorder: SessionRecorder) -> String {
        recorder.redacted(command.value("base-url") ?? setup.plan.providers[setup.providerIndex].mountName)
    }
}
