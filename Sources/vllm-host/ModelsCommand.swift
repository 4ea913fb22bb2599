import ArgumentParsing
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
            let task = Task { () throws(ProviderError) in try await provider.listModels() }
            Interrupts.listen { stop.set($0) }
            stop.whenSet { task.cancel() }
            let models = try await task.value
            await provider.close()
            terminal.print(command.flag("json") ? JSONValue.array(models.map(\.json)).text + "\n" : Self.table(models))
            return ExitStatus.done
        } catch {
            let code = Failure.tell(error, asJSON: command.flag("json"), terminal)
            return stop.cause?.exitCode ?? code
        }
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
