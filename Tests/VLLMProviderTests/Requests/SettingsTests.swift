import Configuration
import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("A provider's configuration")
struct SettingsTests {
    private func make(_ yaml: String?, environment: [String: String] = [:]) throws -> VLLMProvider {
        let node = try yaml.map { try ConfigurationReader().node(parsing: $0.utf8, file: "plan.yaml") }
        return try VLLMProvider(
            configuration: node, path: "providers[0].config", transport: ScriptedTransport([]),
            context: ProviderContext(environment: environment))
    }

    private func issues(_ yaml: String?, environment: [String: String] = [:]) -> [String] {
        let error = #expect(throws: ConfigurationError.self) { try make(yaml, environment: environment) }
        return error?.issues.map(\.description) ?? []
    }

    @Test("without base_url mounting fails with the seed's words and says how to set it", arguments: [nil, "api_key: x", "base_url: ''"])
    func noBaseURL(yaml: String?) {
        let text = issues(yaml).joined(separator: "\n")
        #expect(text.contains("No base_url found for vLLM provider - this is required"))
        #expect(text.contains("set `base_url`, or the environment variable VLLM_BASE_URL"))
    }

    @Test("VLLM_BASE_URL and VLLM_API_KEY serve where the configuration is silent, and do not where it speaks")
    func environment() throws {
        let environment = ["VLLM_BASE_URL": "http://env:1", "VLLM_API_KEY": "env-key-1"]
        func request(_ yaml: String?) throws -> PlannedRequest {
            try #require(try make(yaml, environment: environment).plannedRequests(ChatRequest(messages: [.user("Hi")])).last)
        }
        #expect(try request(nil).url == "http://env:1/v1/completions")
        #expect(try request("base_url: http://file:2/v1/").url == "http://file:2/v1/completions")
    }

    @Test(
        "the key goes out as a bearer token, EMPTY where there is none",
        arguments: [
            ("{}", [:], "Bearer EMPTY"), ("api_key: file-key-1", ["VLLM_API_KEY": "env-key-1"], "Bearer file-key-1"),
            ("{}", ["VLLM_API_KEY": "env-key-1"], "Bearer env-key-1"),
        ] as [(String, [String: String], String)])
    func apiKey(yaml: String, environment: [String: String], sent: String) async throws {
        let transport = ScriptedTransport([.json(["data": []])])
        var environment = environment
        environment["VLLM_BASE_URL"] = "http://server"
        let provider = try VLLMProvider(
            configuration: try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml"), transport: transport,
            context: ProviderContext(environment: environment))
        _ = try await provider.listModels()
        #expect(transport.requests.first?.headers["authorization"] == sent)
    }

    @Test("every mistake is found at once, with file, line and key")
    func mistakes() {
        let found = issues("base_url: http://x\ntemperature: 3\ntimeout: soon\nuse_completions: maybe\nprompt_format: fancy\ntimeuot: 1\n")
        #expect(
            found.map { $0.split(separator: " (")[0] } == [
                "plan.yaml:3:10: error: providers[0].config.timeout: expected a number of seconds between 0.001 and 31536000, found \"soon\"",
                "plan.yaml:4:18: error: providers[0].config.use_completions: expected true or false, found \"maybe\"",
                "plan.yaml:5:16: error: providers[0].config.prompt_format: expected one of template, plain, found \"fancy\"",
                "plan.yaml:2:14: error: providers[0].config.temperature: expected a number between 0 and 2, found \"3\"",
                "plan.yaml:6:1: warning: providers[0].config.timeuot: unknown key",
            ])
    }

    @Test("a base_url that is none is an error that names its place", arguments: ["server:8000", "http://user:pw@host", "http://h:x"])
    func badBaseURL(url: String) {
        let text = issues("base_url: \(url)").joined()
        #expect(text.hasPrefix("plan.yaml:1:11: error: providers[0].config.base_url: "))
        #expect(!text.contains("pw"))
    }

    @Test("values in quotes count as what they mean")
    func quoted() throws {
        let provider = try make(
            "{base_url: http://x, use_completions: \"false\", max_tokens: \"300\", temperature: \"0.5\", timeout: \"60\", priority: \"5\"}")
        #expect(provider.priority == 5)
        #expect(provider.info.defaults["timeout"]?.double == 60)
        let request = try #require(try provider.plannedRequests(ChatRequest(messages: [.user("Hi")])).first)
        #expect(request.url == "http://x/v1/chat/completions")
        #expect(request.body?["max_tokens"] == 300)
        #expect(request.body?["temperature"] == 0.5)
        #expect(try make("{base_url: http://x, max_tokens: 300.0}").info.defaults["max_tokens"] == 300)
    }

    @Test("the defaults are those that are documented")
    func defaults() throws {
        let provider = try make("base_url: http://x")
        #expect(provider.name == "vllm")
        #expect(provider.priority == 100)
        #expect(provider.info.defaults == ["max_tokens": 1024, "temperature": 0.7, "continuation": false, "timeout": 600.0])
        let requests = try provider.plannedRequests(ChatRequest(messages: [.user("Hi")]))
        #expect(requests.map(\.url) == ["http://x/tokenize", "http://x/v1/completions"])
        #expect(requests.last?.body?["stream"] == true)
    }

    @Test("a host is told the settings in force and what to ask a person for")
    func info() throws {
        let info = try make("{base_url: http://x, default_model: big, max_tokens: 5, top_k: 3}").info
        #expect(info.id == "vllm")
        #expect(info.defaults["model"] == "big")
        #expect(info.defaults["max_tokens"] == 5)
        #expect(info.defaults["top_k"] == 3)
        #expect(info.configFields.map(\.id) == ["base_url", "api_key"])
        #expect(info.configFields.map(\.fieldType) == ["text", "secret"])
        #expect(info.credentialEnvVars == ["VLLM_API_KEY"])
    }

    @Test("connection settings reach the transport: headers and the time to connect")
    func connection() async throws {
        let transport = ScriptedTransport([.json(["data": []])])
        let provider = try VLLMProvider(
            ["headers": ["X-Team": "a", "X-Level": 3], "connect_timeout": "1.5"], transport: transport, tellsModels: true)
        _ = try await provider.listModels()
        let request = try #require(transport.requests.first)
        #expect(request.headers["x-team"] == "a")
        #expect(request.headers["x-level"] == "3")
        #expect(request.timeouts.connect == .milliseconds(1500))
        #expect((request.timeouts.total ?? .zero) <= .seconds(600))
        #expect((request.timeouts.total ?? .zero) > .seconds(299))
    }

    @Test(
        "a provider of a server with TLS trusts what ca_file says", arguments: ["insecure_skip_verify: maybe", "ca_file: [a]", "proxy: {}"])
    func connectionTypes(line: String) {
        #expect(issues("base_url: https://x\n\(line)").count == 1)
    }

    @Test("models are listed with their context window")
    func models() async throws {
        let simulator = try VLLMSimulator(options: .init(models: ["tiny", "tiny-chat"]))
        defer { simulator.stop() }
        let models = try await VLLMProvider(of: simulator).listModels()
        #expect(models.map(\.id) == ["tiny", "tiny-chat"])
        #expect(models.map(\.displayName) == ["tiny", "tiny-chat"])
        #expect(models.allSatisfy { $0.contextWindow == 2048 && $0.pricing == nil })
    }
}
