import Configuration
import HostSession
import JSON
import Measuring
import ProviderKit
import SessionLog
import VLLMProvider

extension FixedPath {
    /// A provider's events through a session.
    static func passThroughSession(_ count: Int) async throws {
        let events = EventBatch.deltas.map { $0 }
        try await run(["module": "provider-vllm"], count * EventBatch.deltaBytes / events.count) { _, _ in
            FixedProvider(batch: events, times: count / events.count)
        }
    }

    /// A server's bytes through the provider and a session.
    static func streamThroughSession(_ answer: ServerBytes) async throws {
        let server = FixedServer(answer.exchange)
        let provider: JSONObject = ["module": "provider-vllm", "config": .object(FixedServer.configuration())]
        try await run(provider, answer.count) { spec, context in
            try VLLMProvider(configuration: spec.config, transport: server, context: context)
        }
    }

    private static func run(_ provider: JSONObject, _ minimum: Int, _ mount: @escaping ModuleRegistry.ProviderMount) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let mounts: JSONObject = [
            "session": ["orchestrator": "loop-streaming", "context": "context-simple"], "providers": [.object(provider)],
        ]
        var issues: [ConfigurationIssue] = []
        let plan = MountPlan(ConfigurationNode(json: .object(mounts), origin: .default), issues: &issues)
        guard !issues.hasErrors else { throw ConfigurationError(issues) }
        var registry = ModuleRegistry()
        registry.addProvider("provider-vllm", mount: mount)
        let recorder = try SessionRecorder(paths: SessionPaths(root: folder.path), workingFolder: folder.path)
        let session = try HostSession(plan: plan, registry: registry, recorder: recorder)
        var bytes = 0
        _ = try await session.execute("Go.") { event in
            if case .answer(.blockDelta(_, let text)) = event { bytes += text.utf8.count }
        }
        await session.close()
        recorder.finish()
        expect(bytes >= minimum ? 1 : 0, 1, "texts of enough bytes")
    }
}
