import Configuration
import HostSession
import JSON
import ProviderKit
import Replay
import SessionLog
import TestSupport
import VLLMProvider

/// A host with the modules of a replay, whose logs are in a folder of its own.
struct ReplayHost {
    let root: String

    private var registry: ModuleRegistry {
        var registry = ModuleRegistry()
        registry.addProvider(VLLMProvider.moduleName, schema: VLLMProvider.schema) { spec, context in
            try VLLMProvider(configuration: spec.config, path: spec.path + ".config", context: context)
        }
        let asked = registry
        registry.addProvider(ReplayProvider.moduleName, schema: ReplayProvider.schema) { spec, context in
            try ReplayProvider(configuration: spec.config, path: spec.path + ".config", context: context) { spec, context in
                try asked.mountProvider(spec, context: context)
            }
        }
        return registry
    }

    /// A session with one provider.
    func session(_ id: String, _ module: String, _ config: JSONObject, tools: [any HostTool] = [], system: String? = nil) throws
        -> HostSession
    {
        let provider: JSONValue = ["module": .string(module), "config": .object(config)]
        let node = ConfigurationNode(json: ["providers": [provider]], origin: .default)
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(node, issues: &issues)
        let recorder = try SessionRecorder(sessionID: id, paths: SessionPaths(root: root), workingFolder: root)
        return try HostSession(plan: plan, registry: registry, recorder: recorder, tools: tools, system: system)
    }
}

extension Dialogue {
    /// What the user says.
    var prompts: [String] { turns.compactMap { if case .user(let text) = $0 { text } else { nil } } }

    /// The tools, with the results that the dialogue was taught with.
    var hostTools: [any HostTool] {
        guard offersTools else { return [] }
        var results: [String: String] = [:]
        var waiting: ArraySlice<Call> = []
        for turn in turns {
            switch turn {
            case .assistant(let answer): waiting += answer.calls
            case .tool(let result):
                if let call = waiting.popFirst() { results[Self.key(call.name, call.arguments)] = result }
            case .user: break
            }
        }
        let known = results
        return Self.tools.map(ToolSpec.init(openAI:)).map { spec in
            TaughtTool(spec: spec) { known[Self.key(spec.name, $0)] ?? "nothing is known" }
        }
    }

    private static func key(_ name: String, _ arguments: JSONObject) -> String { "\(name) \(arguments)" }

    /// Leads the dialogue with a session.
    /// - Returns: the JSON of all answers.
    func held(with session: HostSession) async throws -> [String] {
        var answers: [String] = []
        for prompt in prompts { answers += try await session.execute(prompt).responses.map(\.json.text) }
        return answers
    }
}

private struct TaughtTool: HostTool {
    let spec: ToolSpec
    let answer: @Sendable (JSONObject) -> String

    func run(_ arguments: JSONObject) async throws -> JSONValue { .string(answer(arguments)) }
}
