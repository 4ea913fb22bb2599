import CProviderPlugin
import Configuration
import JSON
import Locks
import ProviderKit
import Testing

@testable import PluginLoading

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Providers of plugins", .timeLimit(.minutes(1)))
struct PluginProviderTests {
    private static let schema = ConfigurationSchema(
        name: "provider-fake",
        fields: [
            ConfigurationField("key", .secret, environmentVariable: "FAKE_KEY", documentation: "A key."),
            ConfigurationField("name", .string, documentation: "A name."),
            ConfigurationField("limit", .seconds, default: 5, documentation: "A time."),
            ConfigurationField("extra", .object, documentation: "Anything."),
        ])

    private func node(_ yaml: String) throws -> ConfigurationNode {
        try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml")
    }

    @Test("the plugin gets its configuration with the types of its schema, and what the host says of the session")
    func setup() throws {
        let plugin = FakePlugin()
        let context = ProviderContext(instanceID: "big", sessionID: "s", environment: ["FAKE_KEY": "k", "A": "b"])
        _ = try plugin.provider(try node("{name: 007, limit: 5m, extra: {a: 007}, other: yes}"), schema: Self.schema, context: context)
        let config: JSONObject = ["name": "007", "limit": 300.0, "extra": ["a": 7], "other": "yes", "key": "k"]
        let environment: JSONObject = ["A": "b", "FAKE_KEY": "k"]
        #expect(plugin.setup["config"] == .object(config))
        #expect(plugin.setup["path"] == "providers[0].config")
        #expect(plugin.setup["instance_id"] == "big")
        #expect(plugin.setup["session_id"] == "s")
        #expect(plugin.setup["environment"] == .object(environment))
        _ = try plugin.provider()
        #expect(plugin.setup == ["config": [:], "path": "providers[0].config", "environment": [:]])
    }

    @Test("name and priority are the plugin's; what it says of itself, and its model, are those of the moment")
    func description() throws {
        let plugin = FakePlugin()
        let provider = try plugin.provider()
        #expect(provider.name == "fake")
        #expect(provider.priority == 7)
        #expect(provider.info.id == "fake")
        #expect(provider.modelInfo == nil)
        let model = #"{"id": "m", "display_name": "M", "context_window": 5, "max_output_tokens": 4, "capabilities": [], "defaults": {}}"#
        let later = FakePlugin.info.replacing("Fake", with: "Later").replacing("null", with: model)
        plugin.info = { (ProviderStatus(PROVIDER_OK), later) }
        #expect(provider.info.displayName == "Later")
        #expect(provider.modelInfo?.contextWindow == 5)
        plugin.info = { (ProviderStatus(PROVIDER_CLOSED), "") }
        #expect(provider.info.displayName == "Fake")
        #expect(provider.modelInfo == nil)
        #expect(plugin.openBytes == 0)
    }

    private static let undescribed = [
        ("", "info returned what is not JSON"), ("[]", "info has no `name`"), (#"{"name": "x", "info": {}}"#, "info cannot be read: id"),
    ]

    @Test("a plugin that does not say what it is cannot be mounted", arguments: undescribed)
    func description(info: String, message: String) async throws {
        let plugin = FakePlugin()
        plugin.info = { (ProviderStatus(PROVIDER_OK), info) }
        let error = #expect(throws: ProviderError.self) { _ = try plugin.provider() }
        #expect(error?.message.contains(message) == true)
        await plugin.waitUntilFreed()
    }

    @Test("what a plugin finds wrong in its configuration is told with the places in the files")
    func issues() throws {
        let plugin = FakePlugin()
        plugin.createError = (
            ProviderStatus(PROVIDER_FAILED),
            #"{"type": "ConfigurationError", "code": "configuration", "message": "2 problems", "retryable": false, "details": {"issues": ["#
                + #"{"severity": "error", "message": "too short", "key_path": "providers[0].config.name", "hint": "three letters"}, "#
                + #"{"severity": "warning", "message": "odd", "key_path": "providers[0].config.extra.a"}, "#
                + #"{"severity": "error", "message": "expired", "key_path": "providers[0].config.key"}, "#
                + #"{"severity": "error", "message": "unknown", "key_path": "providers[0].config.other"}, "#
                + #"{"severity": "error", "message": "all wrong", "key_path": "providers[0].config"}]}}"#
        )
        let context = ProviderContext(environment: ["FAKE_KEY": "k"])
        let configuration = try node("name: x\nextra: {a: 1}\nother: 5")
        let error = #expect(throws: ConfigurationError.self) {
            _ = try plugin.provider(configuration, schema: Self.schema, context: context)
        }
        #expect(
            error?.description == """
                plan.yaml:1:7: error: providers[0].config.name: too short (three letters)
                plan.yaml:2:8: warning: providers[0].config.extra.a: odd
                environment variable FAKE_KEY: error: providers[0].config.key: expired
                plan.yaml:3:8: error: providers[0].config.other: unknown
                plan.yaml:1:1: error: providers[0].config: all wrong
                """)
        #expect(plugin.openBytes == 0)
        // Without a schema the keys have their places as well.
        let plain = #expect(throws: ConfigurationError.self) { _ = try plugin.provider(configuration) }
        #expect(plain?.issues.first?.origin?.place == "plan.yaml:1:7")
    }

    @Test("another failure of `create` is the plugin's own error")
    func createFails() throws {
        let plugin = FakePlugin()
        plugin.createError = (
            ProviderStatus(PROVIDER_FAILED), #"{"type": "LLMError", "code": "other", "message": "no memory", "retryable": false}"#
        )
        let error = #expect(throws: ProviderError.self) { _ = try plugin.provider() }
        #expect(error?.message == "no memory")
    }

    @Test("for its tool calls a plugin is told an answer without what is large and tells of none")
    func answerOfToolCalls() throws {
        let plugin = FakePlugin()
        var response = ChatResponse(content: [.text(TextBlock("No."))])
        response.logprobs = [TokenLogprob(token: "No", logprob: -0.5)]
        response.tokenIDs = [[5]]
        response.promptTokenIDs = [1, 2]
        #expect(try plugin.provider().parseToolCalls(response) == [])
        #expect(try JSONValue(parsing: plugin.answer) == ChatResponse(content: response.content).json)
    }

    @Test("tool calls are those that the plugin reads; where it cannot, which the session is told, those of the answer")
    func toolCalls() throws {
        let plugin = FakePlugin()
        let events = EventCollector()
        let provider = try plugin.provider(context: ProviderContext(events: events, instanceID: "big"))
        plugin.toolCalls = (ProviderStatus(PROVIDER_OK), #"[{"id": "1", "name": "add", "arguments": {"a": 1}}]"#)
        let response = ChatResponse(content: [.toolCall(ToolCallBlock(id: "2", name: "sub", input: [:]))])
        #expect(provider.parseToolCalls(response) == [ToolCall(id: "1", name: "add", arguments: ["a": 1])])
        #expect(events.all.isEmpty)
        for (status, text) in [(PROVIDER_FAILED, ""), (PROVIDER_OK, "x"), (PROVIDER_OK, #"[{"id": 1}]"#)] {
            plugin.toolCalls = (ProviderStatus(status), text)
            #expect(provider.parseToolCalls(response).map(\.name) == ["sub"])
        }
        #expect(events.all.map(\.name) == Array(repeating: "provider:warning", count: 3))
        #expect(events.all.map(\.data["provider"]) == Array(repeating: "fake", count: 3))
        #expect(events.all.map(\.data["instance_id"]) == Array(repeating: "big", count: 3))
    }

    @Test("closing does not hold up the threads that tasks share, and the instance is freed behind it")
    func closing() async throws {
        let plugin = FakePlugin()
        let (inside, isOver) = (Arrival<Void>(), Guarded(false))
        plugin.onClose = {
            inside.bring(())
            // As long as the test says: on threads of tasks, as many as there are would be held by these.
            while !isOver.withLock({ $0 }) { sched_yield() }
        }
        var provider: PluginProvider? = try plugin.provider()
        let closings = (0..<4).map { [provider] _ in Task { await provider?.close() } }
        for _ in closings { try await inside.value }
        isOver.withLock { $0 = true }
        for closing in closings { await closing.value }
        #expect(plugin.closes == 4)
        #expect(plugin.frees == 0)
        provider = nil
    }

    @Test("what the schema takes from an environment variable is in the plugin's configuration, behind what the plan says")
    func environmentVariable() throws {
        let fields = ["a", "b"].map { ConfigurationField($0, .int, default: 1, environmentVariable: "X_COUNT", documentation: "A number.") }
        let schema = ConfigurationSchema(name: "fake", fields: fields)
        let configuration = try ConfigurationReader().node(parsing: "{b: 6}".utf8, file: "plan.yaml")
        let plugin = FakePlugin()
        _ = try plugin.provider(configuration, schema: schema, context: ProviderContext(environment: ["X_COUNT": "5"]))
        #expect(plugin.setup["config"] == ["b": 6, "a": 5])
        // Defaults are the plugin's own.
        _ = try plugin.provider(configuration, schema: schema, context: ProviderContext(environment: [:]))
        #expect(plugin.setup["config"] == ["b": 6])
    }
}
