import CProviderPlugin
import Configuration
import JSON
import ProviderVLLMPlugin
import Testing

@Suite("Making a provider through the table")
struct CreatingTests {
    @Test("hands over the configuration, the ids and the environment, and tells what came of it")
    func setup() async {
        let host = HostLog()
        let (reply, instance) = Plugin.fake.create(
            [
                "config": ["api_key": "sk-1\u{0}é"], "path": "providers[0].config", "instance_id": "one", "session_id": "s-1",
                "environment": ["HOME": "/nowhere"], "of the future": [1],
            ], host: host)
        #expect(reply == Plugin.Reply(status: .ok, text: ""))
        #expect(host.secrets == ["sk-1\u{0}é"])
        let info = instance.info
        #expect(info.status == .ok)
        #expect(
            info.json == [
                "name": "fake", "priority": 7,
                "info": [
                    "id": "fake", "display_name": "Fake", "credential_env_vars": [], "capabilities": [],
                    "defaults": ["session": "s-1", "home": "/nowhere"], "config_fields": [],
                ],
                "model_info": .null,
            ])
        await instance.free()
    }

    @Test("takes the process's environment where none is given, and none where it is empty")
    func environment() async {
        let given = Plugin.fake.instance(["environment": [:], "config": .null])
        let own = Plugin.fake.instance()
        #expect(given.info.json["info"]?["defaults"]?["home"] == "")
        #expect(own.info.json["info"]?["defaults"]?["home"]?.string == ProcessEnvironment.current()["HOME"] ?? "")
        await given.free()
        await own.free()
    }

    @Test("fails with all that is wrong in the configuration")
    func configuration() {
        let host = HostLog()
        let (reply, instance) = Plugin.fake.create(
            ["config": ["timeout": 1, "mood": 2, "api_key": "sk-2"], "path": "providers[3].config"], host: host)
        #expect(reply.status == .failed)
        #expect(instance.handle == nil)
        #expect(reply.json["type"] == "ConfigurationError")
        let issues = reply.json["details"]?["issues"]
        #expect(
            issues?[0] == [
                "severity": "error", "code": "invalid_value", "message": "timeout is wrong", "key_path": "providers[3].config.timeout",
                "hint": "leave it out",
            ])
        #expect(issues?[1]?["key_path"] == "providers[3].config.mood")
        #expect(host.secrets == ["sk-2"])
    }

    @Test("fails as the provider says where it is something else")
    func otherFailure() {
        let (reply, _) = Plugin.fake.create(["config": ["crash": 1]])
        #expect(reply.status == .failed)
        #expect(reply.json["type"] == "LLMError")
        #expect(reply.json["message"] == "CancellationError()")
    }

    @Test("of the vLLM module tells keys that it does not know, with what was probably meant")
    func vllm() async {
        let plugin = Plugin(table: providerPlugin(PROVIDER_PLUGIN_ABI_VERSION).pointee)
        let (reply, _) = plugin.create(["config": ["base_url": "http://127.0.0.1:1", "timeout": "soon"], "environment": [:]])
        #expect(reply.status == .failed)
        #expect(reply.json["details"]?["issues"]?[0]?["key_path"] == "config.timeout")
        let instance = plugin.instance(["config": ["base_url": "http://127.0.0.1:1", "priority": 5], "environment": [:]])
        #expect(instance.info.json["name"] == "vllm")
        #expect(instance.info.json["priority"] == 5)
        await instance.free()
    }

    @Test(
        "takes no setup that is not JSON or of another shape",
        arguments: [
            ("", "`setup`: it is not JSON: "), ("{\"config\"", "`setup`: it is not JSON: "),
            ("[]", "`setup`: expected an object, found array"),
            ("{\"config\":3}", "`setup`: config: expected an object, found number"),
            ("{\"path\":3}", "`setup`: path: expected a string, found number"),
            ("{\"environment\":{\"A\":1}}", "`setup`: environment.A: expected a string, found number"),
            ("{\"session_id\":[]}", "`setup`: session_id: expected a string, found array"),
        ])
    func wrongSetup(text: String, message: String) {
        let plugin = Plugin.fake
        var handle = OpaquePointer(bitPattern: 1)
        let reply = plugin.reply { plugin.table.create(nil, text, text.utf8.count, &handle, $0) }
        #expect(reply.status == .invalidJSON)
        #expect(reply.json["message"]?.string?.hasPrefix(message) == true)
        #expect(handle == nil)
    }

    @Test("takes no table of a host that speaks another version or is too small", arguments: [(0, 48), (2, 48), (1, 0), (1, 47)])
    func wrongHost(version: UInt32, size: UInt32) {
        let plugin = Plugin.fake
        var host = ProviderHost()
        (host.abi_version, host.size) = (version, size)
        var handle: OpaquePointer?
        let reply = plugin.reply { plugin.table.create(&host, "{}", 2, &handle, $0) }
        #expect(reply.status == .invalidArgument)
        #expect(reply.json["message"]?.string?.contains(version == 1 ? "host->size` is \(size)" : "version \(version)") == true)
    }

    @Test("needs nothing of the host's table: every function may be missing, and a larger table is a newer host's")
    func emptyHost() async {
        let plugin = Plugin.fake
        var host = ProviderHost()
        (host.abi_version, host.size) = (PROVIDER_PLUGIN_ABI_VERSION, 4096)
        var handle: OpaquePointer?
        let setup = "{\"config\":{\"api_key\":\"x\"}}"
        #expect(plugin.table.create(&host, setup, setup.utf8.count, &handle, nil) == .ok)
        let instance = Instance(plugin: plugin, handle: handle)
        let log = StepLog()
        instance.start("a b", log)
        #expect(await log.last().kind == .response)
        await instance.free()
    }
}
