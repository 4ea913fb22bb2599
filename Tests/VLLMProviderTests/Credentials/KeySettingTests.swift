import Configuration
import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing
import VLLMProvider

@Suite("Where the API key comes from")
struct KeySettingTests {
    @Test("at most one of the three ways may be set, and the error tells both places")
    func conflicts() throws {
        func issues(_ yaml: String) throws -> [String] {
            let node = try ConfigurationReader().node(parsing: ("base_url: http://s\n" + yaml).utf8, file: "plan.yaml")
            return VLLMProvider.schema.resolve(node).issues.map(\.description)
        }
        #expect(
            try issues("api_key: planted-1\napi_key_file: f") == [
                "plan.yaml:2:10: error: config.api_key: `api_key_file` is set, too (plan.yaml:3:15), and at most one of them may be "
                    + "(remove one, or set it to null)"
            ])
        #expect(try issues("api_key_command: c\napi_key_file: f").count == 1)
        #expect(try issues("api_key_command: c\napi_key_file: f\napi_key: k").count == 1)
        #expect(try issues("api_key_command: c\napi_key_file: null\napi_key: ''") == [])
    }

    @Test("a file or a command of the configuration counts more than VLLM_API_KEY", arguments: ["api_key_file", "api_key_command"])
    func environment(setting: String) async throws {
        let transport = ScriptedTransport([.json(["data": []])])
        let configuration: JSONObject = ["base_url": "http://server:8000", setting: "/no/such/thing"]
        let provider = try VLLMProvider(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default), transport: transport,
            context: ProviderContext(environment: ["VLLM_API_KEY": "key-planted-1"]))
        let error = await thrown { () async throws(ProviderError) in _ = try await provider.listModels() }
        #expect(error?.message.contains(setting) == true)
        #expect(transport.requests.isEmpty)
    }

    @Test("the host is told every secret of the configuration")
    func host() throws {
        let told = Guarded<Set<String>>([])
        let configuration: JSONObject = [
            "base_url": "http://server:8000", "api_key": "key-planted-1", "proxy": "me:pass%2Dplanted-2@proxy:3128",
            "headers": [
                "Authorization": "Basic bWU6cGFzcy1wbGFudGVkLTM=", "Cookie": "session=planted-4; theme=dark", "X-Api-Key": "planted-5",
                "X-Team": "blue",
            ],
        ]
        _ = try VLLMProvider(
            configuration: ConfigurationNode(json: .object(configuration), origin: .default), transport: ScriptedTransport([]),
            context: ProviderContext(
                environment: ["HTTPS_PROXY": "http://me:planted-6@p:1"], keepSecret: { secret in told.withLock { _ = $0.insert(secret) } }))
        #expect(
            told.withLock { $0 } == [
                "key-planted-1", "pass%2Dplanted-2", "pass-planted-2", "bWU6cGFzcy1wbGFudGVkLTM=", "pass-planted-3",
                "session=planted-4; theme=dark", "session=planted-4", "theme=dark", "planted-4", "planted-5", "planted-6",
            ])
    }

    @Test("switching TLS checks off is warned of, once, before anything is sent")
    func insecure() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.json(["error": "no"], status: 400), .json(["error": "no"], status: 400)])
        let provider = try VLLMProvider(
            ["insecure_skip_verify": true, "use_completions": false], transport: transport, events: events)
        #expect(events.all.isEmpty)
        for _ in 0..<2 { _ = await provider.failure() }
        #expect(events.all.first?.name == "provider:warning")
        let warnings = events.named("provider:warning")
        #expect(warnings.count == 1)
        #expect(warnings.first?["message"]?.string?.hasPrefix("insecure_skip_verify is on: no TLS certificate is checked") == true)
    }
}
