import JSON
import TestSupport
import Testing
import VLLMSimulator

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("vllm-host and plugins", .timeLimit(.minutes(2)))
struct PluginTests {
    /// A home with the manifest of a plugin, `provider-x`, whose library is missing.
    private func withManifest(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryDirectory { home in
            for folder in ["/plugins", "/plugins/provider-x"] { mkdir(home + folder, 0o755) }
            let schema =
                #"{"type": "object", "properties": {"word": {"type": "string", "writeOnly": true, "x-environment-variable": "X_WORD"}, "#
                + #""size": {"type": "integer", "minimum": 1, "default": 5}, "priority": {"type": "integer", "default": 3}}, "#
                + #""additionalProperties": false}"#
            let digest = String(repeating: "0", count: 64)
            let manifest =
                #"{"id": "provider-x", "abi_version": 1, "type": "provider", "entry": {"library": "lib.so"}, "sha256": "\#(digest)", "#
                + #""config_schema": \#(schema)}"#
            try writeFile(home + "/plugins/provider-x/manifest.json", manifest.utf8)
            chmod(home + "/plugins/provider-x/manifest.json", 0o644)
            try await body(home)
        }
    }

    private func run(_ arguments: [String], _ plan: String, home: String, environment: [String: String] = [:]) async throws -> HostProcess {
        try writeFile(home + "/plan.yaml", plan.utf8)
        let environment = ["VLLM_HOST_PLUGIN_PATH": home + "/plugins"].merging(environment) { $1 }
        return try await HostProcess.run(arguments, environment: environment, home: home)
    }

    @Test("config check finds what is wrong in a plugin's configuration, with file, line and what was meant")
    func check() async throws {
        try await withManifest { home in
            let wrong = try await run(
                ["config", "check", "plan.yaml"], "providers: [{module: provider-x, config: {sise: 1, size: 0}}]", home: home)
            #expect(wrong.code == 78)
            #expect(wrong.output.contains("plan.yaml:1:43: warning: providers[0].config.sise: unknown key (did you mean `size`?)"))
            let message = "plan.yaml:1:58: error: providers[0].config.size: expected a whole number of at least 1, found \"0\""
            #expect(wrong.output.contains(message))
            let plain = try await run(["config", "check", "plan.yaml"], "providers: [{module: provider-x}]", home: home)
            #expect(plain.code == 78)
            #expect(plain.output.contains("the plugin \"provider-x\" cannot be used: \(home)/plugins/provider-x/lib.so: is not there"))
        }
    }

    @Test("config show has a plugin's defaults, variables and --set, and masks its secrets")
    func show() async throws {
        try await withManifest { home in
            let plan = "providers: [{module: provider-vllm, config: {base_url: \"http://h\"}}, {module: provider-x}]"
            let shown = try await run(
                ["config", "show", "--set", "size=7", "plan.yaml"], plan, home: home, environment: ["X_WORD": "planted"])
            #expect(shown.output.contains("size: 7"))
            #expect(shown.output.contains("priority: 3"))
            #expect(shown.output.contains("word: \"[REDACTED]\""))
            #expect(!(shown.output + shown.errors).contains("planted"))
        }
    }

    @Test("a module that is nowhere: where it was looked for is said, and what there is")
    func notFound() async throws {
        try await withManifest { home in
            let run = try await run(["run", "-c", "plan.yaml", "Hi"], "providers: [{module: provider-xx}]", home: home)
            #expect(run.code == 78)
            #expect(run.errors.contains("there is no provider module \"provider-xx\" (did you mean `provider-x`?"))
            let folders = "Plugins/provider-xx, \(home)/plugins/provider-xx, \(home)/.local/share/vllm-host/plugins/provider-xx"
            #expect(run.errors.contains("a plugin was looked for in \(folders)"))
        }
    }

    @Test("a setting of the answer that another kind of provider does not know is told, unless only one is asked, and does not reach it")
    func unknownSetting() async throws {
        try await withManifest { home in
            let plan = "providers: [{module: provider-vllm, config: {base_url: \"http://h\", priority: 1}}, {module: provider-x}]"
            let run = { try await self.run(["run", "-c", "plan.yaml", "--top-k", "5", "Hi"] + $0, plan, home: home) }
            let warning = "--top-k: warning: providers[1].config.top_k: x has no such setting, its answers will not follow it"
            #expect(try await run([]).errors.contains(warning))
            #expect(try await !run(["--provider", "vllm"]).errors.contains("no such setting"))
            let shown = try await self.run(["config", "show", "--set", "top_k=5", "plan.yaml"], plan, home: home)
            #expect(shown.output.split(separator: "\n").count { $0.contains("top_k: 5") } == 1)
        }
    }

    // MARK: The library as it is built, which `make test-plugin` names in VLLM_TEST_PLUGIN.

    private static let builtPlugin = getenv("VLLM_TEST_PLUGIN").map { String(cString: $0) }

    private static let prompts: [(String, [String])] = [
        ("What is 2+2?", []), ("What is 2+2?", ["--no-stream"]), ("What is 2+2?", ["--endpoint", "chat", "--logprobs", "3"]),
        ("What is the weather in Paris?", ["--tool", "weather.json"]), ("Hi", ["--set", "timeout=soon"]), ("Hi", ["--set", "model_=x"]),
        ("Hi", ["--set", "headers={X-Simulator-Fault: reset-at-byte=400}", "--set", "max_retries=0"]),
    ]

    @Test(
        "a run with the built plugin has the answer of one that is built in, and the same events, key by key",
        .enabled(if: builtPlugin != nil), arguments: prompts)
    func sameRun(prompt: String, arguments: [String]) async throws {
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        try await withTemporaryDirectory { home in
            var weather = Dialogue.tools.first { $0["function"]?["name"]?.string == "get_weather" } ?? [:]
            weather["command"] = ["echo", #"{"temperature": 18, "condition": "sunny"}"#]
            try writeFile(home + "/weather.json", JSONValue.object(weather).text.utf8)
            func run(_ source: String) async throws -> (HostProcess, [String]) {
                let config = "config: {base_url: \"\(simulator.baseURL)\", temperature: 0}"
                let plan =
                    "session: {orchestrator: loop-streaming, context: context-simple}\nproviders: [{module: provider-vllm\(source), \(config)}]"
                try writeFile(home + "/plan.yaml", plan.utf8)
                let run = try await HostProcess.run(["run", "-c", "plan.yaml"] + arguments + [prompt], home: home)
                return (run, try run.events().map(Self.steady))
            }
            let (builtIn, expected) = try await run("")
            let (plugin, events) = try await run(", source: \"\(Self.builtPlugin ?? "")\"")
            #expect(plugin.code == builtIn.code)
            #expect(plugin.output == builtIn.output)
            #expect(events == expected)
        }
    }

    @Test("Ctrl-C ends a run with the built plugin as any other, and no secret of it is told", .enabled(if: builtPlugin != nil))
    func interrupt() async throws {
        let chunk = #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Once upon"},"finish_reason":null}]}"#
        let simulator = try VLLMSimulator(
            options: .init(respond: { $0.path == "/v1/chat/completions" ? .events([chunk], ending: [.hang]) : nil }))
        defer { simulator.stop() }
        try await withTemporaryDirectory { home in
            let config = "config: {base_url: \"\(simulator.baseURL)\", use_completions: false, api_key: planted-key, raw_debug: true}"
            let plan = "providers: [{module: provider-vllm, source: \"\(Self.builtPlugin ?? "")\", \(config)}]"
            try writeFile(home + "/plan.yaml", plan.utf8)
            let run = try await HostProcess.run(
                ["run", "-c", "plan.yaml", "Tell me a story about the planted-key."], home: home, onOutput: { kill($0, SIGINT) })
            #expect(run.code == 130)
            #expect(run.output == "Once upon\n")
            let events = try run.events()
            #expect(events.first { $0["event"] == "llm:response" }?["status"] == "cancelled")
            #expect(events.last?["event"] == "session:end")
            #expect(events.last?["status"] == "cancelled")
            let told = events.map(\.text).joined() + run.errors
            #expect(!told.contains("planted-key"))
        }
    }

    /// A record without what is another in each run.
    private static func steady(_ record: JSONValue) -> String {
        let unsteady: Set<String> = [
            "ts", "timestamp", "session_id", "request_id", "duration_ms", "time_to_first_token_ms", "id", "response_id", "tool_call_id",
            "parallel_group_id", "delay",
        ]
        func steady(_ value: JSONValue) -> JSONValue {
            switch value {
            case .array(let elements): .array(elements.map(steady))
            case .object(let members):
                .object(JSONObject(members.map { ($0.key, unsteady.contains($0.key) ? "…" : steady($0.value)) }))
            default: value
            }
        }
        return steady(record).text
    }
}
