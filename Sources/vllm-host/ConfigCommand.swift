import ArgumentParsing
import Configuration
import HostSession
import JSON
import PluginLoading

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
            (_, _, issues) = try read(loadsPlugins: true)
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
            var (plan, registry, issues) = try read(loadsPlugins: false)
            var overrides: [ConfigurationOverride] = []
            for setting in command.values("set") { overrides.append(try ConfigurationOverride(parsing: setting)) }
            let index = issues.hasErrors ? 0 : try SessionSetup.providerIndex(command, plan, registry, environment: environment)
            plan = SessionSetup.applying(
                overrides, toProvider: index, of: plan, registry, files: command.arguments, environment: environment)
            let schemas = registry.schemas
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

    /// - Parameter loadsPlugins: whether the code of plugins runs, to tell what their manifests do not.
    private func read(loadsPlugins: Bool) throws(ConfigurationError) -> (MountPlan, ModuleRegistry, [ConfigurationIssue]) {
        var (node, issues) = try SessionSetup.load(command.arguments, environment: environment)
        let plan = MountPlan(node, issues: &issues)
        let folders = PluginFolders(environment: environment)
        let (registry, passedOver) = SessionSetup.builtInModules.includingPlugins(of: plan, from: folders)
        issues += passedOver + registry.issues(in: plan, environment: environment, loadsPlugins: loadsPlugins)
        return (plan, registry, issues)
    }
}
