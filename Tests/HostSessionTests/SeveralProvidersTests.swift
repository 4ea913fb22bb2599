import Configuration
import HostSession
import JSON
import Locks
import ProviderKit
import SessionLog
import TestSupport
import Testing

@Suite("Several providers in one session")
struct SeveralProvidersTests {
    private static let plan = "providers: [{module: provider-a}, {module: provider-b, instance_id: spare}]"

    private func providers(_ a: [ScriptedProvider.Answer] = [], _ b: [ScriptedProvider.Answer] = []) -> [ScriptedProvider] {
        [ScriptedProvider(a, name: "a", contextWindow: 1000), ScriptedProvider(b, name: "b", contextWindow: 2000)]
    }

    @Test("whoever is chosen by name is asked alone, from the beginning on or later, until nobody is chosen any more")
    func chosen() async throws {
        try await withTemporaryDirectory { root in
            let refused = ScriptedProvider.Answer.broken([], ProviderError(.network, "connection refused"))
            let providers = providers([.text("a")], [.text("b"), refused, .text("b")])
            let session = try Host(root, providers).session(Self.plan, provider: "spare")
            #expect(session.providers.map(\.name) == ["a", "spare"])
            #expect(session.provider?.name == "b")
            #expect(session.isProviderChosen)
            #expect(try await session.execute("Hi").provider == "spare")
            let error = await #expect(throws: ProviderError.self) { try await session.execute("Hi") }
            #expect(error?.message == "connection refused")
            #expect(providers[0].requests.isEmpty)
            try session.select(nil)
            #expect(session.selectedProvider?.name == "a")
            #expect(session.providers.map(session.isLeftAlone) == [false, true])
            #expect(try await session.execute("Hi").provider == "a")
            try session.select("spare")
            #expect(try await session.execute("Hi").provider == "spare")
            let changes = try session.records.filter { $0.event == "provider:resolve" }.map(\.payload)
            #expect(changes.map { $0["reason"] } == ["priority", "chosen"])
            #expect(changes.map { $0["provider"] } == ["a", "spare"])
        }
    }

    @Test(
        "a name that nobody is mounted under is an error that says which there are, and what was probably meant",
        arguments: [
            ("spars", "no provider is mounted as \"spars\" (did you mean spare? there are a, spare)"),
            ("provider-b", "no provider is mounted as \"provider-b\" (there are a, spare)"),
        ])
    func unknown(name: String, message: String) throws {
        try withTemporaryDirectory { root in
            let host = Host(root, providers())
            let mounting = #expect(throws: HostError.self) { try host.session(Self.plan, provider: name) }
            #expect(mounting?.code == .noProvider)
            #expect(mounting?.description == message)
            let session = try host.session(Self.plan, recorder: host.recorder(id: "session-2"))
            let choosing = #expect(throws: HostError.self) { try session.select(name) }
            #expect(choosing == mounting)
            #expect(!session.isProviderChosen)
        }
    }

    @Test("only the one that is to answer finds out about its server; another one when it is needed; closing closes all")
    func preparation() async throws {
        try await withTemporaryDirectory { root in
            let refused = ScriptedProvider.Answer.broken([], ProviderError(.network, "connection refused"))
            let providers = providers([.text("a"), refused], [.text("b")])
            let session = try Host(root, providers).session(Self.plan)
            await session.waitForModelInfo()
            #expect(session.modelInfo?.contextWindow == 1000)
            _ = try await session.execute("Hi")
            #expect(providers.map(\.preparations) == [1, 0])
            _ = try await session.execute("Hi")
            #expect(providers.map(\.preparations) == [1, 1])
            try session.select("spare")
            #expect(session.modelInfo?.contextWindow == 2000)
            await session.close()
            #expect(providers.map(\.preparations) == [1, 1])
            #expect(providers.map(\.closings) == [1, 1])
        }
    }

    @Test("as long as one that has failed is left alone, the one behind it is the one that is meant to answer")
    func leftAlone() async throws {
        try await withTemporaryDirectory { root in
            let refused = ScriptedProvider.Answer.broken([], ProviderError(.network, "connection refused"))
            let session = try Host(root, providers([refused, .text("a")], [.text("b")])).session(Self.plan)
            #expect(session.provider?.name == "a")
            #expect(session.providers.map(session.isLeftAlone) == [false, false])
            #expect(try await session.execute("Hi").provider == "spare")
            #expect(session.provider?.name == "b")
            #expect(session.modelInfo?.contextWindow == 2000)
            #expect(session.providers.map(\.name) == ["a", "spare"])
            #expect(session.providers.map(session.isLeftAlone) == [true, false])
            // Chosen, it is asked all the same; when it answers, it is first again.
            try session.select("a")
            #expect(try await session.execute("Hi").provider == "a")
            try session.select(nil)
            #expect(session.provider?.name == "a")
            #expect(session.providers.map(session.isLeftAlone) == [false, false])
        }
    }

    @Test("who is chosen while a prompt is being answered is no reason for whom that prompt is put to")
    func choosingMeanwhile() async throws {
        try await withTemporaryDirectory { root in
            let call = ToolCall(id: "1", name: "choose", arguments: [:])
            let refused = ScriptedProvider.Answer.broken([], ProviderError(.network, "connection refused"))
            let providers = providers([.calls([call]), refused], [.text("b"), .text("b")])
            let place = Guarded<HostSession?>(nil)
            let tool = TestTool("choose") { _ in
                try place.withLock { $0 }?.select("spare")
                return "done"
            }
            let session = try Host(root, providers).session(Self.plan, tools: [tool])
            place.withLock { $0 = session }
            defer { place.withLock { $0 = nil } }
            #expect(try await session.execute("Hi").provider == "spare")
            let change = try session.records.last { $0.event == "provider:resolve" }?.payload
            #expect(change?["reason"] == "network")
            #expect(change?["error_message"] == "connection refused")
            #expect(change?["provider"] == "spare")
        }
    }

    @Test("whoever is chosen finds out about its server before it is asked")
    func choosingPrepares() async throws {
        try await withTemporaryDirectory { root in
            let providers = providers()
            let session = try Host(root, providers).session(Self.plan)
            try session.select("spare")
            await session.waitForModelInfo()
            #expect(session.modelInfo?.contextWindow == 2000)
            await session.close()
        }
    }

    @Test(
        "two providers under one name are refused with their place, also where nobody has looked at the plan's problems",
        arguments: [
            (
                "providers: [{module: provider-a}, {module: provider-a}]",
                "plan.yaml:1:35: error: providers[1]: Multi-instance providers require explicit 'instance_id': provider-a is already "
                    + "mounted by providers[0] (add `instance_id: …` to all of them but one)"
            ),
            (
                "providers: [{module: provider-a}, {module: provider-b, instance_id: a}]",
                "plan.yaml:1:35: error: providers[1]: the name \"a\" is already taken by providers[0] (give it another `instance_id`)"
            ),
        ])
    func names(plan: String, message: String) throws {
        try withTemporaryDirectory { root in
            let error = #expect(throws: ConfigurationError.self) { try Host(root, providers()).session(plan) }
            #expect(error.map { "\($0)" }?.contains(message) == true)
        }
    }

    @Test("wrong settings of the fail-over are told with their place", arguments: ["failover: maybe", "failover_cooldown: -1"])
    func settings(setting: String) throws {
        try withTemporaryDirectory { root in
            let plan = "session: {orchestrator: {module: loop-basic, config: {\(setting)}}}\n" + Self.plan
            let error = #expect(throws: ConfigurationError.self) { try Host(root, providers()).session(plan) }
            // Where the value begins.
            let column = 54 + setting.prefix { $0 != ":" }.count + 3
            #expect(
                error.map { "\($0)" }?.hasPrefix("plan.yaml:1:\(column): error: session.orchestrator.config.\(setting.prefix(8))") == true)
        }
    }
}
