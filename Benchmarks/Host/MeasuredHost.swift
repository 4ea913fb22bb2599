import Configuration
import HTTPTransport
import HostSession
import JSON
import Locks
import Measuring
import PluginLoading
import ProviderKit
import SessionLog
import VLLMProvider

/// What the sessions of a run share: the mount plan, the modules, and, where the provider is built in, the connections.
struct MeasuredHost: Sendable {
    private let plan: MountPlan
    private let registry: ModuleRegistry
    private let paths: SessionPaths
    private let transport: CurlTransport?
    private let isOnEngine: Bool
    private let idle = Guarded<[OpenSession]>([])

    /// - Parameters:
    ///   - logs: whether the sessions log what is logged by default, or nothing.
    ///   - plugin: the folder of a plugin that brings the provider; empty for the one that is built in.
    ///   - root: the folder of the logs.
    init(_ run: StreamRun, logs: Bool, plugin: String, root: String) throws {
        guard run.conversation.messages.count == 1, run.conversation.tools.isEmpty else { stop("a session begins with one message") }
        var config: JSONObject = [
            "base_url": .string(run.url), "use_completions": .bool(run.isCompletion), "default_model": .string(run.model),
            "max_retries": 0, "context_window": 10_000_000, "max_output_tokens": 9_000_000,
        ]
        if run.logprobs { config["logprobs"] = 5 }
        var provider: JSONObject = ["module": "provider-vllm", "config": .object(config)]
        if !plugin.isEmpty { provider["source"] = .string(plugin) }
        var mounts: JSONObject = [
            "session": ["orchestrator": "loop-streaming", "context": "context-simple"], "providers": [.object(provider)],
        ]
        if !logs { mounts["hooks"] = [["module": "hooks-logging", "config": ["exclude_events": ["*"]]]] }
        var issues: [ConfigurationIssue] = []
        plan = MountPlan(ConfigurationNode(json: .object(mounts), origin: .default), issues: &issues)
        paths = SessionPaths(root: root)
        isOnEngine = run.isOnEngine
        if plugin.isEmpty {
            let transport = CurlTransport()
            var registry = ModuleRegistry()
            registry.addProvider(VLLMProvider.moduleName, schema: VLLMProvider.schema) { spec, context in
                try VLLMProvider(configuration: spec.config, path: spec.path + ".config", transport: transport, context: context)
            }
            (self.registry, self.transport) = (registry, transport)
        } else {
            (registry, _) = ModuleRegistry().includingPlugins(of: plan, from: PluginFolders(roots: []))
            transport = nil
        }
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
    }

    /// The thread of the network; a plugin has one of its own.
    var executor: (any TaskExecutor)? { transport?.executor }

    /// Has a session answer one prompt: one that has answered before, in the warm-up, if there is one.
    @Sendable
    func read(_ tally: StreamTally) async throws {
        let open = try idle.withLock { $0.popLast() } ?? newSession()
        let options = PromptOptions(call: ["max_tokens": .integer(tally.tokens)], readsOnArrivalThread: isOnEngine)
        _ = try await open.session.execute("Go.", options: options) { event in
            switch event {
            case .answer(.blockDelta(_, let text)): tally.add(text)
            case .answer(.logprobs(let tokens)): for token in tokens { tally.logprobs += 1 + token.topLogprobs.count }
            default: break
            }
        }
        idle.withLock { $0.append(open) }
    }

    /// Ends all sessions.
    func close() async {
        for open in idle.withLock({ $0 }) {
            await open.session.close()
            open.recorder.finish()
        }
    }

    private func newSession() throws -> OpenSession {
        let recorder = try SessionRecorder(paths: paths, workingFolder: paths.root)
        return OpenSession(session: try HostSession(plan: plan, registry: registry, recorder: recorder), recorder: recorder)
    }

    private struct OpenSession {
        let session: HostSession
        let recorder: SessionRecorder
    }
}
