import ArgumentParsing
import Configuration
import HostSession
import JSON
import PluginLoading
import ProviderKit
import Replay
import SessionLog
import VLLMProvider
import VLLMSimulator

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What the commands that ask a provider share: the mount plan from files and options, the modules, the log.
struct SessionSetup {
    /// The modules that are built in.
    static let builtInModules: ModuleRegistry = {
        var registry = ModuleRegistry()
        registry.addProvider(VLLMProvider.moduleName, schema: VLLMProvider.schema) { spec, context in
            try VLLMProvider(configuration: spec.config, path: spec.path + ".config", context: context)
        }
        // What it asks is no replay itself.
        let asked = registry
        registry.addProvider(ReplayProvider.moduleName, schema: ReplayProvider.schema) { spec, context in
            try ReplayProvider(configuration: spec.config, path: spec.path + ".config", context: context) { spec, context in
                try asked.mountProvider(spec, context: context)
            }
        }
        return registry
    }()

    private static let builtInPlan = """
        session: {orchestrator: loop-streaming, context: context-simple}
        providers: [{module: provider-vllm}]
        """

    /// How long the simulated server thinks about a token, so that a person sees the answer stream.
    private static let simulatedTokenDelay = Duration.milliseconds(15)

    let environment: [String: String]
    let plan: MountPlan
    /// The place in the plan of the provider that is to answer; what is said of a server on the command line is for that one.
    let providerIndex: Int
    /// The provider that alone is to answer: who is named on the command line, or is told there what to ask, has no substitute.
    let chosenProvider: String?
    /// The modules that there are for the plan.
    let registry: ModuleRegistry
    /// Held as long as the session asks it.
    let simulator: VLLMSimulator?

    /// Reads the plan. What is wrong but can be lived with is told to `terminal`.
    /// - Parameter settings: what a command wants of the provider that is to answer, where that knows of it; the command line counts more.
    /// - Throws: `ConfigurationError`, `UsageError`, `SimulatorError`.
    init(
        _ command: ParsedCommand, _ terminal: Terminal, environment: [String: String] = ProcessEnvironment.current(),
        wanting settings: [ConfigurationOverride] = []
    ) throws {
        self.environment = environment
        let (node, warnings) = try Self.load(command.values("config"), environment: environment)
        var issues = warnings
        var plan = MountPlan(node, issues: &issues)
        let (registry, passedOver) = Self.builtInModules.includingPlugins(of: plan, from: PluginFolders(environment: environment))
        self.registry = registry
        issues += passedOver
        simulator =
            command.flag("simulator")
            ? try VLLMSimulator(options: VLLMSimulator.Options(tokenDelay: Self.simulatedTokenDelay)) : nil
        // A plan that cannot be read is what is wrong then.
        providerIndex = issues.hasErrors ? 0 : try Self.providerIndex(command, plan, registry, environment: environment)
        let named = try Self.overrides(command, simulator: simulator)
        plan = Self.applying(
            Self.known(settings, toProvider: providerIndex, of: plan, registry) + named, toProvider: providerIndex, of: plan, registry,
            files: command.values("config"), environment: environment)
        let isChosen = command.flag("provider") || named.contains { Self.choosingKeys.contains($0.keys[0]) }
        chosenProvider = isChosen && plan.providers.indices.contains(providerIndex) ? plan.providers[providerIndex].mountName : nil
        issues += plan.issues(schemas: registry.schemas, environment: environment)
        if !isChosen { issues += Self.lostSettings(named, besides: providerIndex, of: plan, registry) }
        // What a plan leaves to the host is for `config check` to tell, not for every session.
        issues.removeAll { $0.severity == .warning && $0.code == .missing }
        guard !issues.hasErrors else { throw ConfigurationError(issues.map(Self.withOption)) }
        for issue in issues { terminal.complain("\(issue)") }
        self.plan = plan
    }

    /// The settings that say who is asked.
    private static let choosingKeys: Set<String> = ["base_url", "base_urls", "default_model"]

    /// The place in the plan of the provider that is to answer: that of `--provider`, else by priority.
    /// - Throws: `HostError` where there is none of the name.
    static func providerIndex(
        _ command: ParsedCommand, _ plan: MountPlan, _ registry: ModuleRegistry, environment: [String: String]
    ) throws(HostError) -> Int {
        if let name = command.value("provider") { return try plan.providerIndex(named: name) }
        return plan.selectedProviderIndex(schemas: registry.schemas, environment: environment) ?? 0
    }

    /// The paths of the mount plans that count where none is named: the user's, then the nearest one above this folder.
    static func discoveredFiles(environment: [String: String]) -> [String] {
        let user = folder("XDG_CONFIG_HOME", otherwise: "/.config", environment).map { $0 + "/vllm-host/config.yaml" }
        return [user, projectFile()].compactMap { $0 }.filter { access($0, F_OK) == 0 }
    }

    /// One of the folders of the XDG base directory specification, which says to ignore relative ones.
    static func folder(_ variable: String, otherwise path: String, _ environment: [String: String]) -> String? {
        if let folder = environment[variable], folder.hasPrefix("/") { return folder }
        return environment["HOME"].flatMap { $0.isEmpty ? nil : $0 + path }
    }

    /// Merges files, or what there is where none is named.
    static func load(_ files: [String], environment: [String: String]) throws(ConfigurationError) -> (
        node: ConfigurationNode, warnings: [ConfigurationIssue]
    ) {
        let reader = ConfigurationReader(environment: environment)
        let files = files.isEmpty ? discoveredFiles(environment: environment) : files
        let builtIn = try reader.node(parsing: builtInPlan.utf8, file: "built in")
        guard !files.isEmpty else { return (builtIn, []) }
        let (node, warnings) = try reader.load(files)
        // A file that only changes a few settings need not name the provider.
        return (node["providers"] == nil ? builtIn.merging(node) : node, warnings)
    }

    /// A session's log, opened before anything can go wrong.
    static func recorder(_ command: ParsedCommand, _ terminal: Terminal, environment: [String: String]) throws -> SessionRecorder {
        let paths: SessionPaths
        if let root = command.value("session-root") {
            guard !root.isEmpty else { throw command.usageError("`--session-root` names no folder") }
            paths = SessionPaths(root: root.hasPrefix("/") ? root : workingFolder() + "/" + root)
        } else {
            do { paths = try SessionPaths(environment: environment) } catch { throw HostError(.log, "\(error)") }
        }
        let listeners = [WarningPrinter(terminal: terminal)]
        if let session = try resumed(command, environment: environment) {
            for warning in session.conversation.warnings { terminal.complain(warning) }
            return try SessionRecorder(resuming: session, listeners: listeners)
        }
        return try SessionRecorder(paths: paths, listeners: listeners)
    }

    /// The session that is to go on; `nil` for a new one.
    static func resumed(_ command: ParsedCommand, environment: [String: String]) throws -> ResumedSession? {
        guard let name = command.value("resume") else { return nil }
        let argument = try SessionArgument(command, environment: environment)
        if let word = command.argument(behind: "resume"), argument.isSession(word) {
            throw command.usageError(
                "`\(word)` is a session and stands behind `--resume` as the prompt: write `--resume=\(word)` to go on with that session, or "
                    + "`--resume -- \(word)` if it is the prompt")
        }
        return try ResumedSession(logPath: try argument.resumablePath(name))
    }

    /// Says which session goes on, if one does.
    static func tellResumption(_ recorder: SessionRecorder, _ terminal: Terminal) {
        guard let count = recorder.resumed?.messages.count else { return }
        let amount = count == 1 ? "1 message" : "\(count) messages"
        terminal.note(terminal.dimmed("session \(Terminal.withoutControls(recorder.sessionID)) goes on behind \(amount)\n"))
    }

    /// The server's address may also be given on the command line.
    private static func withOption(_ issue: ConfigurationIssue) -> ConfigurationIssue {
        guard issue.code == .missing, issue.keyPath.hasSuffix(".base_url") else { return issue }
        var issue = issue
        issue.hint = issue.hint.map { $0 + ", or give --base-url" }
        return issue
    }

    /// The values that must not be in the log.
    var secrets: [String] {
        plan.modules.flatMap { spec -> [String] in
            guard let schema = registry.schemas.schema(of: spec) else { return [] }
            let (values, _) = schema.resolve(spec.config, environment: environment, path: spec.path)
            return schema.secretKeys.flatMap { values[$0]?.texts ?? [] }
        }
    }

    /// `.vllm-host.yaml` in this folder or the nearest one above it.
    private static func projectFile() -> String? {
        var folder = Substring(workingFolder())
        while true {
            let file = "\(folder)/.vllm-host.yaml"
            if access(file, F_OK) == 0 { return file }
            guard let slash = folder.lastIndex(of: "/") else { return nil }
            folder = folder[..<slash]
        }
    }

    private static func workingFolder() -> String {
        guard let buffer = getcwd(nil, 0) else { return "." }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}
