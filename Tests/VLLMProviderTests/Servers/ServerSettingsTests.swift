import Configuration
import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMClient

@testable import VLLMProvider

@Suite("The servers of a configuration")
struct ServerSettingsTests {
    private func provider(_ yaml: String, environment: [String: String] = [:], overriding: [ConfigurationOverride] = []) throws
        -> VLLMProvider
    {
        var node = try ConfigurationReader().node(parsing: yaml.utf8, file: "plan.yaml")
        for override in overriding { node = node.applying(override) }
        return try VLLMProvider(
            configuration: node, path: "providers[0].config", transport: ScriptedTransport([]),
            context: ProviderContext(environment: environment))
    }

    private func servers(_ yaml: String, environment: [String: String] = [:], overriding: [ConfigurationOverride] = []) throws -> [String] {
        try provider(yaml, environment: environment, overriding: overriding).core.settings.servers.baseURLs.map(\.description)
    }

    private func issues(_ yaml: String) -> [String] {
        let error = #expect(throws: ConfigurationError.self) { try provider(yaml) }
        return error?.issues.map(\.description) ?? []
    }

    @Test(
        "are base_url and then base_urls, each once",
        arguments: [
            ("base_urls: [http://a, http://b]", ["http://a", "http://b"]),
            ("base_url: http://a\nbase_urls: [http://b, http://c]", ["http://a", "http://b", "http://c"]),
            ("base_url: http://b\nbase_urls: [http://a, http://b/v1, http://a/]", ["http://b", "http://a"]),
            ("base_urls: http://a", ["http://a"]),
            ("base_url: http://a\nbase_urls: []", ["http://a"]),
        ] as [(String, [String])])
    func list(yaml: String, expected: [String]) throws {
        #expect(try servers(yaml) == expected)
    }

    @Test("VLLM_BASE_URL serves where the configuration names no server, and adds none to a list")
    func environment() throws {
        let environment = ["VLLM_BASE_URL": "http://env"]
        #expect(try servers("base_urls: [http://a, http://b]", environment: environment) == ["http://a", "http://b"])
        #expect(try servers("base_urls: []", environment: environment) == ["http://env"])
    }

    @Test("a server on the command line replaces a file's list", arguments: ["--base-url", "--simulator"])
    func commandLine(option: String) throws {
        let override = ConfigurationOverride(key: "base_url", text: "http://x", option: option)
        #expect(try servers("base_urls: [http://a, http://b]", overriding: [override]) == ["http://x"])
    }

    @Test("every address is checked, and a mistake says which one it is")
    func badAddress() {
        let found = issues("base_url: http://a\nbase_urls: [http://b, c, \"ftp://d\"]")
        #expect(found.count == 2)
        #expect(found.first?.contains("plan.yaml:2") == true)
        #expect(found.first?.contains("providers[0].config.base_urls[1]: c has no scheme") == true)
        #expect(found.last?.contains("providers[0].config.base_urls[2]: ") == true)
    }

    @Test("an empty list is no server")
    func empty() {
        #expect(issues("base_urls: []").joined().contains("No base_url found for vLLM provider"))
    }

    @Test("one server is asked however often it fails, unless a threshold says otherwise; of several none is")
    func breaker() throws {
        #expect(try ServerSettings.testing().circuitBreaker == nil)
        #expect(try ServerSettings.testing(["circuit_breaker_threshold": 7]).circuitBreaker?.threshold == 7)
        #expect(
            try ServerSettings.testing(servers: 2).circuitBreaker == CircuitBreaker.Settings(threshold: 3, cooldown: .seconds(30)))
        #expect(try ServerSettings.testing(servers: 2, ["circuit_breaker_threshold": 0]).circuitBreaker == nil)
    }

    @Test(
        "limits are positive numbers",
        arguments: [
            "max_concurrent_requests: 0", "requests_per_minute: -1", "tokens_per_minute: 0", "queue_limit: -1", "queue_limit: 100001",
            "server_selection: best",
        ])
    func limits(line: String) {
        #expect(issues("base_url: http://a\n\(line)").count == 1)
    }

    @Test("the plans that come with the project are right", arguments: ["router", "servers"])
    func plans(name: String) throws {
        let text = try String(decoding: fileBytes("Config/\(name).yaml"), as: UTF8.self)
        let node = ConfigurationReader().expandingEnvironment(
            try ConfigurationReader().node(parsing: text.utf8, file: "\(name).yaml")
        ).node
        let config = node["providers"]?.sequence?.first?["config"]
        let (_, issues) = VLLMProvider.schema.resolve(config)
        #expect(issues.isEmpty)
        let provider = try VLLMProvider(configuration: config, transport: ScriptedTransport([]), context: ProviderContext())
        #expect(provider.core.settings.servers.baseURLs.count == (name == "servers" ? 2 : 1))
    }
}
