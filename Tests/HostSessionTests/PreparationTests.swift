import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import VLLMSimulator

@Suite("Preparing a session's provider")
struct PreparationTests {
    private func plan(_ simulator: VLLMSimulator, _ settings: String = "") -> String {
        "providers: [{module: provider-vllm, config: {base_url: \"\(simulator.baseURL)\", temperature: 0\(settings)}}]"
    }

    @Test("a mounted provider asks its server in the background, and the first turn knows the limits without asking again")
    func background() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(plan(simulator))
            while session.modelInfo == nil { await Task.yield() }
            #expect(session.modelInfo?.contextWindow == 2048)
            _ = try await session.execute("What is 2+2?")
            #expect(simulator.requests.count { $0.path == "/v1/models" } == 1)
            await session.close()
        }
    }

    @Test("whoever waits for it knows the model's limits, and so does everybody when the first request is sent")
    func waiting() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(plan(simulator))
            await session.waitForModelInfo()
            #expect(session.modelInfo?.contextWindow == 2048)
            await session.close()
            let other = try Host(root).session(
                plan(simulator, ", default_model: tiny-chat"), recorder: try Host(root).recorder(id: "session-2"))
            _ = try await other.execute("What is 2+2?")
            #expect(other.modelInfo?.contextWindow == 2048)
            await other.close()
        }
    }

    @Test("nobody waits for ever for a server that is silent about its models", .timeLimit(.minutes(1)))
    func patience() async throws {
        let silence = SimulatedResponse(parts: [.hang])
        let simulator = try VLLMSimulator(options: .init(respond: { _ in silence }))
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(plan(simulator))
            await session.waitForModelInfo(atMost: .milliseconds(1))
            #expect(session.modelInfo == nil)
            let task = Task { await session.waitForModelInfo(atMost: .seconds(3600)) }
            task.cancel()
            await task.value
            await session.close()
        }
    }

    @Test("a server that is silent about its models neither holds up mounting nor closing")
    func silence() async throws {
        let silence = SimulatedResponse(parts: [.hang])
        let simulator = try VLLMSimulator(options: .init(respond: { _ in silence }))
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(plan(simulator))
            await session.close()
            #expect(session.modelInfo == nil)
        }
    }

    @Test("what is configured beyond the server's limits is in the session's log as a warning")
    func warning() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { root in
            let session = try Host(root).session(plan(simulator, ", context_window: 9000"))
            _ = try await session.execute("What is 2+2?")
            await session.close()
            let warning = try #require(try session.records.first { $0.event == "provider:warning" })
            #expect(warning.level?.rawValue == "WARNING")
            #expect(warning.data["configured"] == 9000)
            #expect(warning.data["actual"] == 2048)
        }
    }
}
