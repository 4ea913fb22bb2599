import ArgumentParsing
import Configuration
import HostSession
import JSON
import VLLMProvider

/// `vllm-host config`: checks and shows mount plans. Nothing is sent.
struct ConfigCommand {
    private let command: ParsedCommand
    private let terminal: Terminal
    private let environment = ProcessEnvironment.current()

    init(_ command: ParsedCommand, _ terminal: Terminal) {
        self.command = command
        self.terminal = terminal
    }

    func check() -> Int32 {
        let issues: [ConfigurationIssue]
        let error: ConfigurationError?
        do throws(ConfigurationError) {
            (_, issues) = try read()
            error = issues.hasErrors ? ConfigurationError(issues) : nil
        } catch let failure {
            issues = failure.issues
            error = failure
        }
        if command.flag("json") {
            terminal.print(JSONValue.array(issues.map(\.json)).text + "\n")
        } else {
            for issue in issues { terminal.print("\(issue)\n") }
            if issues.isEmpty { terminal.print("\(files.joined(separator: ", ")): no problems\n") }
        }
        return error.map { ExitStatus.code(of: $0) } ?? ExitStatus.done
    }

    func show() -> Int32 {
        do {
            var (plan, issues) = try read()
            var overrides: [ConfigurationOverride] = []
            for setting in command.values("set") { overrides.append(try ConfigurationOverride(parsing: setting)) }
            let index = issues.hasErrors ? 0 : try SessionSetup.providerIndex(command, plan, environment: environment)
            let found = SessionSetup.environmentOverrides(command.arguments, environment: environment)
            plan = plan.applying(VLLMProvider.schema.withoutRivals(found + overrides), toProvider: index)
            let schemas = SessionSetup.registry.schemas
            let secrets = schemas.values.reduce(into: Set<String>()) { $0.formUnion($1.secretKeys) }
            let node = plan.effective(schemas: schemas, environment: environment).maskingSecrets(keys: secrets)
            terminal.print(command.flag("json") ? node.annotatedJSON.prettyText + "\n" : node.annotatedYAML)
            for issue in issues { terminal.complain("\(issue)") }
            return issues.hasErrors ? ExitStatus.configuration : ExitStatus.done
        } catch {
            return Failure.tell(error, asJSON: command.flag("json"), terminal)
        }
    }

    private var files: [String] {
        let named = command.arguments.isEmpty ? SessionSetup.discoveredFiles(environment: environment) : command.arguments
        return named.isEmpty ? ["built in"] : named
    }

    private func read() throws(ConfigurationError) -> (MountPlan, [ConfigurationIssue]) {
        var (node, issues) = try SessionSetup.load(command.arguments, environment: environment)
        let plan = MountPlan(node, issues: &issues)
        issues += SessionSetup.registry.issues(in: plan, environment: environment)
        return (plan, issues)
    }
}
