import ArgumentParsing
import Configuration
import HostSession
import JSON
import ProviderKit

/// `vllm-host models`: what the server has.
struct ModelsCommand {
    private let command: ParsedCommand
    private let terminal: Terminal

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func run() async -> Int32 {
        let stop = StopFlag()
        do {
            let setup = try SessionSetup(command, terminal)
            let provider = try setup.provider(terminal)
            noteOthers(setup.plan.providers.map(\.mountName), asked: setup.providerIndex)
            let task = Task { () throws(ProviderError) in try await provider.listModels() }
            Interrupts.listen { stop.set($0) }
            stop.whenSet { task.cancel() }
            let models = await task.result
            await close(provider, stop)
            terminal.print(command.flag("json") ? JSONValue.array(try models.get().map(\.json)).text + "\n" : Self.table(try models.get()))
            return ExitStatus.done
        } catch {
            let code = Failure.tell(error, asJSON: command.flag("json"), terminal)
            return stop.cause?.exitCode ?? code
        }
    }

    /// Ends the provider. One that does not end is left alone, at once where the user does not want to wait.
    private func close(_ provider: any Provider, _ stop: StopFlag) async {
        let closing = Task { await Task<Void, Never> { await provider.close() }.wait(atMost: .seconds(5)) }
        stop.whenSet { closing.cancel() }
        await closing.value
    }

    /// Says whose models these are, where that is not plain.
    private func noteOthers(_ names: [String], asked index: Int) {
        guard names.count > 1, !command.flag("provider"), !command.flag("json") else { return }
        let others = names.enumerated().filter { $0.offset != index }.map(\.element).joined(separator: ", ")
        terminal.note(terminal.dimmed("models of \(names[index]); with --provider those of another one: \(others)\n"))
    }

    private static func table(_ models: [ModelInfo]) -> String {
        let width = models.map(\.id.count).max() ?? 0
        return models.map { model in
            let name = model.id + String(repeating: " ", count: width - model.id.count)
            let base = model.additional["parent"]?.string.map { "  adapter of \($0)" } ?? ""
            return (model.contextWindow > 0 ? "\(name)  \(model.contextWindow) tokens" : name) + base + "\n"
        }.joined()
    }
}
