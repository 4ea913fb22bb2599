import CProviderPlugin
import JSON
import Testing

@Suite("A provider's session events through the table", .timeLimit(.minutes(2)))
struct SessionEventTests {
    @Test("reach the host in order, with the name of the instance")
    func order() async {
        let host = HostLog()
        let instance = Plugin.fake.instance(["instance_id": "one"], host: host)
        let log = StepLog()
        instance.start("a b c", log)
        _ = await log.last()
        await instance.free()
        let events = host.events
        #expect(events.map(\.name) == Array(repeating: ["llm:batch", "llm:size"], count: 5).flatMap { $0 } + ["provider:closed"])
        #expect(events.filter { $0.name == "llm:batch" }.map(\.data) == (0..<5).map { ["instance_id": "one", "number": .integer($0)] })
    }

    @Test("that nobody wants are not made")
    func wants() async {
        let host = HostLog(wants: { $0 != "llm:batch" })
        let instance = Plugin.fake.instance(host: host)
        let log = StepLog()
        instance.start("a", log)
        _ = await log.last()
        await instance.free()
        #expect(host.events.map(\.name) == ["provider:closed"])
    }

    @Test("and secrets do not come behind the end of the instance, whatever the provider does then")
    func afterClose() async {
        let host = HostLog()
        let instance = Plugin.fake.instance(host: host)
        #expect(instance.info.status == .ok)
        #expect(await instance.close() == .ok)
        #expect(instance.info.status == .ok)
        await instance.free()
        #expect(host.events.map(\.name) == ["provider:info", "provider:closed"])
        #expect(host.secrets == ["asked"])
    }
}
