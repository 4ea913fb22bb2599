import Configuration
import HostSession
import JSON
import ProviderKit
import SessionLog
import TestSupport
import Testing
import VLLMProvider

@Suite("Mounting a plan")
struct MountingTests {
    @Test(
        "the provider with the lowest priority answers; of equals the first",
        arguments: [([100, 50, 70], "b"), ([10, 50, 70], "a"), ([100, 100, 100], "a"), ([100, 5, 5], "b"), ([0, -1, 3], "b")])
    func priority(priorities: [Int], chosen: String) async throws {
        try await withTemporaryDirectory { root in
            var host = Host(root)
            for (name, priority) in zip(["a", "b", "c"], priorities) {
                host.providers["provider-\(name)"] = ScriptedProvider([.text("I am \(name).")], name: name, priority: priority)
            }
            let session = try host.session("providers: [{module: provider-a}, {module: provider-b}, {module: provider-c}]")
            #expect(session.provider?.name == chosen)
            #expect(try await session.execute("Who?").response.text == "I am \(chosen).")
            let asked = try session.records.first { $0.event == "provider:request" }
            #expect(asked?.payload["provider"]?.string == chosen)
        }
    }

    /// What opening a session with this plan throws, and what its log says.
    private func failure(_ yaml: String) throws -> (error: any Error, event: JSONObject) {
        try withTemporaryDirectory { root in
            let host = Host(root, ScriptedProvider([]))
            var events: [(String, JSONObject)] = []
            let collector = EventList()
            let recorder = try host.recorder(listeners: [collector])
            let error = try #require(throws: (any Error).self) { _ = try host.session(yaml, recorder: recorder) }
            events = collector.events
            #expect(events.map(\.0) == ["session:start", "module:load_failed"])
            return (error, events.last?.1 ?? [:])
        }
    }

    @Test(
        "a module that there is not is an error with its place and what there is, in the log too",
        arguments: [
            (
                "providers: [{module: provider-vlm}]",
                "plan.yaml:1:13: providers[0]: there is no provider module \"provider-vlm\""
                    + " (did you mean `provider-vllm`? the provider modules here are provider-scripted, provider-vllm)"
            ),
            (
                "tools: [{module: tool-x}]\n\(Host.plan)",
                "plan.yaml:1:9: tools[0]: there is no tool module \"tool-x\" (the tool modules here are tool-command)"
            ),
            (
                "hooks: [{module: hooks-x}]\n\(Host.plan)",
                "plan.yaml:1:9: hooks[0]: there is no hooks module \"hooks-x\" (the hooks modules here are hooks-logging)"
            ),
            (
                "session: {orchestrator: loop-fancy}\n\(Host.plan)",
                "plan.yaml:1:25: session.orchestrator: there is no orchestrator module \"loop-fancy\""
                    + " (the orchestrator modules here are loop-basic, loop-streaming)"
            ),
            (
                "session: {context: context-x}\n\(Host.plan)",
                "plan.yaml:1:20: session.context: there is no context module \"context-x\" (the context modules here are context-simple)"
            ),
        ])
    func notFound(yaml: String, message: String) throws {
        let (error, event) = try failure(yaml)
        #expect((error as? HostError)?.code == .moduleNotFound)
        #expect("\(error)" == message)
        #expect(event["error"]?.string == message)
        #expect(event["status"] == "error")
        let module = try #require(event["module"]?.string)
        #expect(message.contains("\"\(module)\""))
    }

    @Test(
        "a setting that a module does not take is an error with its place, in the log too",
        arguments: [
            (
                "providers: [{module: provider-vllm, instance_id: big}]",
                "providers[0].config.base_url: No base_url found for vLLM provider - this is required"
            ),
            (
                "providers: [{module: provider-vllm, config: {base_url: nonsense}}]",
                "plan.yaml:1:56: error: providers[0].config.base_url: nonsense has no scheme: write http://nonsense"
            ),
            (
                "session: {orchestrator: {module: loop-basic, config: {max_iterations: 0}}}\n\(Host.plan)",
                "plan.yaml:1:71: error: session.orchestrator.config.max_iterations: expected a whole number of at least 1, found \"0\""
            ),
            (
                "hooks: [{module: hooks-logging, config: {exclude_events: {a: 1}}}]\n\(Host.plan)",
                "plan.yaml:1:58: error: hooks[0].config.exclude_events: expected a list of texts, found a mapping"
            ),
        ])
    func wrongSetting(yaml: String, message: String) throws {
        let (error, event) = try failure(yaml)
        #expect(error is ConfigurationError)
        #expect("\(error)".contains(message))
        #expect(event["error"]?.string?.contains(message) == true)
        if yaml.contains("big") { #expect(event["instance_id"] == "big") }
    }

    @Test("when one cannot be made, those that were made before are closed", .timeLimit(.minutes(2)))
    func closingHalfMounted() async throws {
        try await withTemporaryDirectory { root in
            let (closed, continuation) = AsyncStream.makeStream(of: Void.self)
            var host = Host(root)
            host.providers["provider-a"] = ClosingProvider { continuation.finish() }
            let plan = "providers: [{module: provider-a}, {module: provider-vllm}]"
            #expect(throws: ConfigurationError.self) { try host.session(plan) }
            for await _ in closed {}
        }
    }

    @Test("a plan without a provider is an error that says where to add one")
    func noProvider() throws {
        try withTemporaryDirectory { root in
            let error = #expect(throws: HostError.self) { try Host(root).session("session: {context: context-simple}") }
            #expect(error?.code == .noProvider)
            #expect(error?.description == "the mount plan has no provider (add one under `providers:`)")
        }
    }

    @Test("the log cannot be written: an error that names the file and the option")
    func noLog() throws {
        try withTemporaryDirectory { root in
            try writeFile(root + "/file", "".utf8)
            let error = #expect(throws: HostError.self) { try Host(root + "/file").recorder() }
            #expect(error?.code == .log)
            #expect(error?.message.contains(root + "/file") == true)
            #expect(error?.hint == "choose another folder with --session-root")
        }
    }
}

/// A provider that only tells that it was closed.
private struct ClosingProvider: Provider {
    let name = "closing"
    var info: ProviderInfo { ProviderInfo(id: name, displayName: name) }
    let onClose: @Sendable () -> Void

    func listModels() async throws(ProviderError) -> [ModelInfo] { [] }

    func stream(_ request: ChatRequest, options: JSONObject) -> ResponseStream { ResponseStream([]) }

    func close() async { onClose() }
}
