import Commands
import Configuration
import JSON
import ProviderKit
import Redaction
import SessionLog

/// The modules of a mount plan, made and ready.
struct MountedModules: Sendable {
    /// The providers: the one with the lowest priority number first, equals in the plan's order.
    private(set) var providers: [MountedProvider] = []
    private(set) var tools: [String: any HostTool] = [:]
    let loop: LoopSettings
    /// How the session's log is written.
    private(set) var log = LogSettings()

    /// Makes the modules of a plan. What fails is told as `module:load_failed` before it is thrown.
    /// - Throws: `HostError`, or whatever a module's mount function throws.
    init(
        _ plan: MountPlan, registry: ModuleRegistry, recorder: SessionRecorder, environment: [String: String], tools extra: [any HostTool]
    ) throws {
        loop = try Self.loading(plan.orchestrator, recorder) { try LoopSettings(plan.orchestrator) }
        if let context = plan.context, context.module != ConversationContext.moduleName {
            try Self.loading(context, recorder) {
                throw HostError.moduleNotFound(context, kind: "context", known: [ConversationContext.moduleName])
            }
        }
        for hook in plan.hooks {
            log = try Self.loading(hook, recorder) {
                guard hook.module == SessionLogHook.moduleName else {
                    throw HostError.moduleNotFound(hook, kind: "hooks", known: [SessionLogHook.moduleName])
                }
                return try SessionLogHook.settings(hook)
            }
        }
        let variables = registry.secretVariables
        let isSecret = { @Sendable (name: String, value: String) in variables.contains(name) || recorder.secrets.occur(in: value) }
        for tool in extra { try add(Self.withholding(isSecret, from: tool), nil, recorder) }
        for spec in plan.tools {
            let tool = try Self.loading(spec, recorder) { try registry.mountTool(spec) }
            try add(Self.withholding(isSecret, from: tool), spec, recorder)
        }
        try Self.loading(nil, recorder) {
            let issues = plan.instanceIssues
            guard issues.isEmpty else { throw ConfigurationError(issues) }
        }
        // Sorting is stable.
        providers = try Self.providers(of: plan, registry, recorder, environment).sorted { $0.priority < $1.priority }
        guard !providers.isEmpty else {
            throw HostError(.noProvider, "the mount plan has no provider", hint: "add one under `providers:`")
        }
    }

    /// Makes a plan's providers: all, or none.
    private static func providers(
        of plan: MountPlan, _ registry: ModuleRegistry, _ recorder: SessionRecorder, _ environment: [String: String]
    ) throws -> [MountedProvider] {
        var mounted: [MountedProvider] = []
        do {
            for spec in plan.providers {
                let events: any EventSink = spec.instanceID.map { InstanceEvents(sink: recorder, instanceID: $0) } ?? recorder
                let context = ProviderContext(
                    events: events, instanceID: spec.instanceID, sessionID: recorder.sessionID,
                    environment: plan.environment(of: spec, schemas: registry.schemas, environment),
                    keepSecret: { recorder.secrets.learn($0) })
                let provider = try loading(spec, recorder) { try registry.mountProvider(spec, context: context) }
                mounted.append(MountedProvider(spec, provider))
            }
        } catch {
            // Nobody else can. It may take its time, for which mounting does not wait.
            let made = mounted.map(\.provider)
            if !made.isEmpty { Task { for provider in made { await provider.close() } } }
            throw error
        }
        return mounted
    }

    /// The tool; a command without what is none of its business: what it writes is part of the prompt.
    private static func withholding(_ isSecret: @escaping CommandRun.Withholding, from tool: any HostTool) -> any HostTool {
        guard var command = tool as? CommandTool else { return tool }
        command.withholds = isSecret
        return command
    }

    private mutating func add(_ tool: any HostTool, _ spec: ModuleSpec?, _ recorder: SessionRecorder) throws {
        let name = tool.spec.name
        try Self.loading(spec, recorder) {
            guard tools[name] == nil else {
                let place = spec.map { "\($0.origin.place): \($0.path)" }
                throw HostError(.duplicateTool, "there are two tools named \"\(name)\"", place: place, hint: "give one another name")
            }
        }
        tools[name] = tool
    }

    private static func loading<Module>(_ spec: ModuleSpec?, _ recorder: SessionRecorder, _ load: () throws -> Module) throws -> Module {
        do { return try load() } catch {
            var data: JSONObject = ["status": "error", "error": .string("\(error)")]
            data["module"] = spec.map { .string($0.module) }
            data["instance_id"] = spec?.instanceID.map { .string($0) }
            recorder.emit(EventName.moduleLoadFailed, data)
            throw error
        }
    }
}
