import CProviderPlugin
import JSON
import Locks
import ProviderKit
import Testing

@testable import PluginLoading

@Suite("What a plugin finds of its host")
struct PluginHostTests {
    private func withHost(_ context: ProviderContext, _ body: (ProviderHost) -> Void) throws {
        let plugin = FakePlugin()
        let provider = try plugin.provider(context: context)
        try body(#require(plugin.host))
        withExtendedLifetime(provider) {}
    }

    @Test("the table is of this version and complete")
    func table() throws {
        try withHost(ProviderContext()) { host in
            #expect(host.abi_version == UInt32(PROVIDER_PLUGIN_ABI_VERSION))
            #expect(Int(host.size) == MemoryLayout<ProviderHost>.size)
            #expect(host.wants != nil)
            #expect(host.emit != nil)
            #expect(host.log != nil)
            #expect(host.keep_secret != nil)
        }
    }

    @Test("events arrive in order with their data, those that nobody wants do not")
    func events() throws {
        let events = EventCollector(unwanted: ["llm:request:raw"])
        try withHost(ProviderContext(events: events)) { host in
            #expect(host.wants(host.context, "llm:request") != 0)
            #expect(host.wants(host.context, "llm:request:raw") == 0)
            for number in 0..<3 {
                let data = "{\"n\": \(number)}"
                host.emit(host.context, "llm:request", data, data.utf8.count)
                host.emit(host.context, "llm:request:raw", data, data.utf8.count)
            }
        }
        #expect(events.all.map(\.data) == [["n": 0], ["n": 1], ["n": 2]])
    }

    @Test("an event whose data is no object is left out, and a warning says so", arguments: ["", "nonsense", "[1]", "{", "\u{0}"])
    func malformed(data: String) throws {
        let events = EventCollector()
        try withHost(ProviderContext(events: events, instanceID: "big")) { host in
            host.emit(host.context, "llm:request", data, data.utf8.count)
        }
        #expect(events.all.map(\.name) == ["provider:warning"])
        #expect(events.all.first?.data["message"]?.string?.contains("\"llm:request\"") == true)
        #expect(events.all.first?.data["provider"] == "fake")
        #expect(events.all.first?.data["instance_id"] == "big")
    }

    @Test("of messages only warnings and errors are for the session")
    func log() throws {
        let events = EventCollector()
        try withHost(ProviderContext(events: events)) { host in
            for level in [PROVIDER_LOG_DEBUG, PROVIDER_LOG_INFO, PROVIDER_LOG_WARNING, PROVIDER_LOG_ERROR] {
                let message = "level \(level)"
                host.log(host.context, Int32(level), message, message.utf8.count)
            }
        }
        #expect(events.all.map(\.data["message"]) == ["level 2", "level 3"])
        #expect(events.all.map(\.data["lvl"]) == ["WARNING", "ERROR"])
    }

    @Test("secrets come to the host, and pointers that are none harm nobody")
    func secrets() throws {
        let kept = Guarded<[String]>([])
        try withHost(ProviderContext(keepSecret: { secret in kept.withLock { $0.append(secret) } })) { host in
            host.keep_secret(host.context, "sk-1234", 7)
            host.keep_secret(host.context, nil, 0)
            host.keep_secret(nil, "x", 1)
            // Sizes that nothing has.
            host.keep_secret(host.context, "x", -1)
            host.emit(host.context, "llm:request", "{}", -1)
            host.log(host.context, 3, "x", .min)
            host.emit(host.context, nil, nil, 0)
            host.log(host.context, 3, nil, 0)
            #expect(host.wants(host.context, nil) == 0)
        }
        #expect(kept.withLock { $0 } == ["sk-1234", ""])
    }
}
