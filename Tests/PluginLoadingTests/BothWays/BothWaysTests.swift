import Configuration
import JSON
import Locks
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("The vLLM provider, built in and as a plugin", .timeLimit(.minutes(5)))
struct BothWaysTests {
    private static let simulator = Result { try VLLMSimulator() }

    /// The endpoints and ways to answer.
    private static let modes: [JSONObject] = [true, false].flatMap { completions in
        [true, false].map { ["use_completions": .bool(completions), "use_streaming": .bool($0), "temperature": 0] }
    }

    private func expectSame(
        _ settings: JSONObject, at simulator: VLLMSimulator, request: ChatRequest = ChatRequest(messages: [.user("What is 2+2?")]),
        options: JSONObject = [:]
    ) async throws -> Account {
        let builtIn = try await Account.of(.builtIn, settings, at: simulator, request: request, options: options)
        let plugin = try await Account.of(.plugin, settings, at: simulator, request: request, options: options)
        #expect(plugin.response == builtIn.response)
        #expect(plugin.error == builtIn.error)
        #expect(plugin.calls == builtIn.calls)
        #expect(plugin.events == builtIn.events)
        return plugin
    }

    @Test("an answer, its log-probabilities and tokens, its tool calls and every event are the same, key by key", arguments: modes)
    func answers(mode: JSONObject) async throws {
        let simulator = try Self.simulator.get()
        let tools = Dialogue.tools.map(ToolSpec.init(openAI:))
        let plain = try await expectSame(mode, at: simulator)
        #expect(plain.response?["finish_reason"] == "stop")
        #expect(plain.events.contains { $0.hasPrefix("llm:response") })
        let options: JSONObject = ["logprobs": 3, "return_token_ids": true, "prompt_logprobs": 1]
        let tokens = try await expectSame(mode, at: simulator, options: options)
        #expect(tokens.response?["logprobs"]?.array?.isEmpty == false)
        let several = try await expectSame(mode, at: simulator, options: ["n": 2, "seed": 1, "temperature": 0.5])
        #expect(several.response != nil)
        var weather = ChatRequest(messages: [.user("What is the weather in Paris?")], tools: tools)
        weather.toolChoice = "required"
        let called = try await expectSame(mode, at: simulator, request: weather)
        #expect(!called.calls.isEmpty)
    }

    @Test("every dialogue is held", arguments: ProviderKind.allCases)
    func dialogues(kind: ProviderKind) async throws {
        let provider = try kind.provider(["temperature": 0], of: try Self.simulator.get())
        try await withThrowingTaskGroup { group in
            for dialogue in Dialogue.all {
                group.addTask {
                    try await dialogue.hold(with: provider) { response, answer in
                        #expect(response.text == answer.text, "\(dialogue)")
                        #expect(response.thinking == answer.thought, "\(dialogue)")
                        #expect(provider.parseToolCalls(response).map(\.name) == answer.calls.map(\.name), "\(dialogue)")
                        #expect(provider.parseToolCalls(response).map(\.arguments) == answer.calls.map(\.arguments), "\(dialogue)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static let faults = [
        "status=400", "status=401", "status=404", "status=429; retry-after=2", "status=503", "status=500; body=<html>no</html>",
        "reset-at-byte=400", "close-at-byte=400", "close-at-byte=0", "truncate-chunk=400", "sse-crlf", "sse-mixed", "sse-split-bytes",
        "invalid-event=3", "error-event=3", "missing-done", "double-done", "content-type=text/html", "other-form",
    ]

    @Test("what goes wrong is the same error with the same partial answer and events", arguments: faults, [true, false])
    func failing(fault: String, streams: Bool) async throws {
        let headers: JSONObject = ["X-Simulator-Fault": .string(fault)]
        let settings: JSONObject = [
            "headers": .object(headers), "use_streaming": .bool(streams), "default_model": "tiny-chat", "temperature": 0,
        ]
        _ = try await expectSame(settings, at: try Self.simulator.get())
    }

    @Test("an answer that breaks off is tried again, and the events tell of it in the same way")
    func retry() async throws {
        var options = VLLMSimulator.Options()
        options.respond = { $0.headers.contains { $0.name.lowercased() == "x-no" } ? .text("busy", status: 503) : nil }
        let simulator = try VLLMSimulator(options: options)
        defer { simulator.stop() }
        let settings: JSONObject = ["headers": ["X-No": "1"], "max_retries": 2, "initial_retry_delay": 0.001, "default_model": "tiny-chat"]
        let account = try await expectSame(settings, at: simulator)
        #expect(account.events.count { $0.hasPrefix("provider:retry") } == 2)
    }

    private static let configurations: [(String, [String: String])] = [
        ("{}", [:]), ("{base_url: nonsense}", [:]), ("{base_url: \"http://h:1\", max_retries: -1, timeout: soon}", [:]),
        ("{base_url: \"http://h:1\", headers: {\"bad name\": x}}", [:]), ("{base_url: \"http://h:1\", api_key: a, api_key_file: b}", [:]),
        ("{}", ["VLLM_BASE_URL": "ftp://h"]), ("{base_url: \"${ADDRESS}\"}", ["ADDRESS": "ftp://h"]),
        ("{base_url: \"http://h:1\", pricing: {input_per_million: 1}}", [:]),
        ("{base_url: \"http://h:1\", api_key_command: [1, 2], stop: [a, b], default_model: 007, timeout: 5m}", [:]),
        ("{base_url: \"http://h:1\", base_urls: [\"http://h:2\"], load_metric: x}", [:]),
    ]

    @Test("a wrong configuration is told with the same words at the same places", arguments: configurations)
    func configuration(yaml: String, environment: [String: String]) throws {
        let reader = ConfigurationReader(environment: environment)
        let node = reader.expandingEnvironment(try reader.node(parsing: yaml.utf8, file: "plan.yaml")).node
        let told = ProviderKind.allCases.map { kind -> String in
            do {
                let provider = try kind.provider(node, context: ProviderContext(environment: environment))
                return "\(provider.info.json) \(provider.priority) \(provider.name)"
            } catch { return "\(error)" }
        }
        #expect(told[0] == told[1])
    }

    @Test("the host is told the same secrets, when it makes the provider and later")
    func secrets() async throws {
        var options = VLLMSimulator.Options()
        options.apiKey = "sesame-from-a-command"
        let simulator = try VLLMSimulator(options: options)
        defer { simulator.stop() }
        let yaml = """
            {base_url: "\(simulator.baseURL)", api_key_command: "echo sesame-from-a-command", headers: {X-Api-Key: "another-secret"}}
            """
        let node = try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml")
        var told: [[String]] = []
        for kind in ProviderKind.allCases {
            let kept = Guarded<[String]>([])
            let context = ProviderContext(
                environment: ["PATH": "/usr/bin:/bin"], keepSecret: { secret in kept.withLock { $0.append(secret) } })
            let provider = try kind.provider(node, context: context)
            let response = try await provider.complete(ChatRequest(messages: [.user("What is 2+2?")]))
            #expect(response.text == "4")
            told.append(kept.withLock { $0 })
        }
        #expect(told[0] == told[1])
        #expect(told[1].contains("sesame-from-a-command"))
    }

    @Test("models and limits are the same")
    func models() async throws {
        let simulator = try Self.simulator.get()
        let (builtIn, plugin) = (try ProviderKind.builtIn.provider(of: simulator), try ProviderKind.plugin.provider(of: simulator))
        let (expected, models) = (try await builtIn.listModels(), try await plugin.listModels())
        #expect(models == expected)
        #expect(plugin.modelInfo == builtIn.modelInfo)
        await builtIn.prepare()
        await plugin.prepare()
        #expect(plugin.modelInfo != nil)
        #expect(plugin.modelInfo == builtIn.modelInfo)
        #expect(plugin.info == builtIn.info)
    }
}
