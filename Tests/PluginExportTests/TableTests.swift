import CProviderPlugin
import JSON
import PluginExport
import ProviderVLLMPlugin
import Testing

@Suite("A plugin's table of functions")
struct TableTests {
    @Test("has the version and size of its header, and names that stay")
    func table() {
        let table = Plugin.fake.table
        #expect(table.abi_version == PROVIDER_PLUGIN_ABI_VERSION)
        #expect(Int(table.size) == MemoryLayout<ProviderPlugin>.size)
        #expect(String(cString: table.name) == "provider-fake")
        #expect(String(cString: table.version) == "1.2.3")
    }

    @Test("is the same one whichever version a host names, so that the host can explain", arguments: [0, 1, 2, UInt32.max])
    func entry(version: UInt32) {
        let table = providerPlugin(version)
        #expect(table == providerPlugin(PROVIDER_PLUGIN_ABI_VERSION))
        #expect(table.pointee.abi_version == PROVIDER_PLUGIN_ABI_VERSION)
        #expect(String(cString: table.pointee.name) == "provider-vllm")
    }

    @Test("takes no NULL where a pointer is needed, and says of which argument where it can")
    func nulls() async {
        let plugin = Plugin.fake
        let table = plugin.table
        let instance = plugin.instance()
        let handle = instance.handle
        var place: OpaquePointer?
        var made: OpaquePointer?
        let text: [CChar] = Array("{\"messages\":[],\"content\":[]}".utf8CString)
        let size = text.count - 1
        let told: [(String, Plugin.Reply)] = [
            ("setup", plugin.reply { table.create(nil, nil, 0, &made, $0) }),
            ("instance", plugin.reply { table.create(nil, text, size, nil, $0) }),
            ("instance", plugin.reply { table.info(nil, $0) }),
            ("instance", plugin.reply { table.start(nil, text, size, nil, 0, 1, onStep, nil, &place, $0) }),
            ("request", plugin.reply { table.start(handle, nil, 0, nil, 0, 1, onStep, nil, &place, $0) }),
            ("callback", plugin.reply { table.start(handle, text, size, nil, 0, 1, nil, nil, &place, $0) }),
            ("call", plugin.reply { table.start(handle, text, size, nil, 0, 1, onStep, nil, nil, $0) }),
            ("instance", plugin.reply { table.parse_tool_calls(nil, text, size, $0) }),
            ("response", plugin.reply { table.parse_tool_calls(handle, nil, 0, $0) }),
        ]
        for (argument, reply) in told {
            #expect(reply.status == .invalidArgument)
            #expect(reply.json["message"] == .string("`\(argument)` is NULL"))
            #expect(reply.json["type"] == "InvalidRequestError")
            #expect(reply.json["retryable"] == false)
        }
        let untold = [
            table.prepare(nil, onStep, nil, &place), table.prepare(handle, nil, nil, &place), table.prepare(handle, onStep, nil, nil),
            table.list_models(nil, onStep, nil, &place), table.list_models(handle, nil, nil, &place),
            table.list_models(handle, onStep, nil, nil), table.resume(nil), table.cancel(nil), table.release(nil), table.close(nil),
            table.free(nil),
        ]
        #expect(untold.allSatisfy { $0 == .invalidArgument })
        #expect(place == nil)
        #expect(made == nil)
        await instance.free()
    }

    @Test("needs no place for what it has to say, and frees nothing and what is empty")
    func nowhere() async {
        let table = Plugin.fake.table
        let instance = Plugin.fake.instance()
        #expect(table.info(instance.handle, nil) == .ok)
        #expect(table.parse_tool_calls(instance.handle, nil, 0, nil) == .invalidArgument)
        #expect(table.create(nil, nil, 0, nil, nil) == .invalidArgument)
        table.free_bytes(nil)
        var bytes = ProviderBytes()
        table.free_bytes(&bytes)
        _ = table.info(instance.handle, &bytes)
        #expect(bytes.bytes != nil)
        #expect(bytes.bytes[bytes.size] == 0)
        table.free_bytes(&bytes)
        #expect(bytes.bytes == nil)
        #expect(bytes.size == 0)
        table.free_bytes(&bytes)
        await instance.free()
    }

    @Test("finds nothing behind a handle that was given back or never was one", arguments: [nil, 1, 3, 1 << 60, UInt.max])
    func strangeHandles(bits: UInt?) async {
        let table = Plugin.fake.table
        var instance = Plugin.fake.instance()
        let log = StepLog()
        instance.start("a", log)
        _ = await log.last()
        #expect(instance.release(log) == .ok)
        #expect(await instance.free() == .ok)
        if let bits { instance = Instance(plugin: .fake, handle: OpaquePointer(bitPattern: bits)) }
        let call = bits == nil ? log.place.pointee : instance.handle
        #expect(table.cancel(call) == .invalidArgument)
        #expect(table.resume(call) == .invalidArgument)
        #expect(table.release(call) == .invalidArgument)
        #expect(instance.info.status == .invalidArgument)
        #expect(instance.start("a", StepLog()).status == .invalidArgument)
        #expect(await instance.close() == .invalidArgument)
        #expect(await instance.free() == .invalidArgument)
    }

    @Test("takes no size that no text has", arguments: [(-1, ProviderStatus.invalidArgument), (Int.max, .invalidJSON)])
    func sizes(size: Int, status: ProviderStatus) async {
        let plugin = Plugin.fake
        let table = plugin.table
        let instance = plugin.instance()
        var place: OpaquePointer?
        var made: OpaquePointer?
        #expect(plugin.reply { table.create(nil, "{}", size, &made, $0) }.status == status)
        #expect(plugin.reply { table.parse_tool_calls(instance.handle, "{}", size, $0) }.status == status)
        #expect(plugin.reply { table.start(instance.handle, "{}", size, nil, 0, 1, onStep, nil, &place, $0) }.status == status)
        let request = "{\"messages\":[]}"
        let reply = plugin.reply {
            table.start(instance.handle, request, request.utf8.count, "{}", size, 1, onStep, nil, &place, $0)
        }
        #expect(reply.status == status)
        #expect(reply.json["message"]?.string?.contains("`options`") == true)
        await instance.free()
    }
}
