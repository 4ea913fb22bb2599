import Configuration
import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import VLLMProvider

/// A host for one test, with a log in a folder of its own.
struct Host {
    /// The folder of the logs.
    let root: String
    /// The providers under the names of their modules.
    var providers: [String: any Provider] = [:]
    /// Tools of the registry, under the names of their modules.
    var tools: [String: any HostTool] = [:]

    /// A plan of one scripted provider.
    static let plan = "providers: [{module: provider-scripted}]"

    /// A host of one scripted provider.
    init(_ root: String, _ provider: ScriptedProvider) {
        self.root = root
        providers["provider-scripted"] = provider
    }

    /// A host of several scripted providers, under their own names.
    init(_ root: String, _ scripted: [ScriptedProvider]) {
        self.root = root
        for provider in scripted { providers["provider-\(provider.name)"] = provider }
    }

    /// A host of vLLM providers alone.
    init(_ root: String) {
        self.root = root
    }

    private var registry: ModuleRegistry {
        var registry = ModuleRegistry()
        for (module, provider) in providers { registry.addProvider(module) { _, _ in provider } }
        for (module, tool) in tools { registry.addTool(module) { _ in tool } }
        registry.addProvider(VLLMProvider.moduleName, schema: VLLMProvider.schema) { spec, context in
            try VLLMProvider(configuration: spec.config, path: spec.path + ".config", context: context)
        }
        return registry
    }

    /// The log of a new session.
    func recorder(id: String = "session-1", listeners: [any EventSink] = []) throws -> SessionRecorder {
        try SessionRecorder(sessionID: id, paths: SessionPaths(root: root), workingFolder: root, listeners: listeners)
    }

    /// A session as a plan in YAML has it.
    func session(
        _ yaml: String = plan, recorder: SessionRecorder? = nil, tools: [any HostTool] = [], system: String? = nil,
        provider: String? = nil
    ) throws -> HostSession {
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml"), issues: &issues)
        return try HostSession(
            plan: plan, registry: registry, recorder: try recorder ?? self.recorder(), tools: tools, system: system, provider: provider)
    }
}

extension HostSession {
    /// The records of the session's log so far, which is as docs/events.schema.json has it.
    var records: [SessionRecord] {
        get throws {
            recorder.flush()
            try EventSchema.check(log: recorder.logPath)
            let (records, skipped) = try SessionLogReader.contents(of: recorder.logPath)
            guard skipped.isEmpty else { throw ProviderError(.other, "lines that are no records: \(skipped)") }
            return records
        }
    }
}

/// A tool that a closure stands for.
struct TestTool: HostTool {
    let spec: ToolSpec
    private let body: @Sendable (JSONObject) async throws -> JSONValue

    init(_ name: String, _ body: @escaping @Sendable (JSONObject) async throws -> JSONValue) {
        spec = ToolSpec(name: name, parameters: ["type": "object"], description: "for tests")
        self.body = body
    }

    func run(_ arguments: JSONObject) async throws -> JSONValue { try await body(arguments) }
}

/// Something that goes wrong in a tool.
struct ToolFailure: Error, CustomStringConvertible {
    let description = "the tool broke"
}
