import CProviderPlugin
import JSON
import Locks
import TestSupport
import Testing

@Suite("The end of a call", .timeLimit(.minutes(2)))
struct EndingTests {
    /// What a provider does when its call is cancelled: it waits, or goes on.
    private static let prompts = ["a hang", "a deaf"]

    @Test("cancelled, is one last step with an AbortError, whatever the provider does", arguments: prompts)
    func cancel(prompt: String) async {
        let instance = Plugin.fake.instance()
        let log = StepLog { log, _ in
            #expect(Plugin.fake.table.cancel(log.place.pointee) == .ok)
            return .goOn
        }
        instance.start(prompt, log)
        let last = await log.last()
        #expect(last.kind == .error)
        let error = try? JSONValue(parsing: last.text)
        #expect(error?["type"] == "AbortError")
        #expect(error?["provider"] == "fake")
        #expect(error?["model"] == "m")
        #expect(error?["partial_response"]?["content"]?[0]?["type"] == "text")
        #expect(instance.cancel(log) == .ok)
        #expect(instance.release(log) == .ok)
        await instance.free()
        #expect(log.steps.count == 2)
        #expect(log.mistakes.isEmpty)
    }

    @Test("keeps what had arrived, whatever was asked for", arguments: [PROVIDER_WANT_EVENTS, 3], ["hang", "deaf"])
    func partial(wants: Int, end: String) async {
        let instance = Plugin.fake.instance()
        let log = StepLog { log, step in
            if step.text.contains("half") { _ = instance.cancel(log) }
            return .goOn
        }
        instance.start("half \(end)", log, wants: wants)
        let error = try? JSONValue(parsing: await log.last().text)
        let text = error?["partial_response"]?["content"]?[0]?["text"]?.string
        #expect(text?.hasPrefix("half ") == true)
        await instance.free()
    }

    @Test(
        "is the answer where that was complete when it was cancelled, whatever the provider says behind it",
        arguments: ["a b", "a strict"],
        [PROVIDER_WANT_EVENTS, 3])
    func cancelledComplete(prompt: String, wants: Int) async {
        let log = StepLog()
        // The provider tells of each batch before it hands it over: the last one is the fourth.
        let host = HostLog(react: { host, event in
            if event == "llm:batch", host.events.last?.data["number"] == 3 { _ = Plugin.fake.table.cancel(log.place.pointee) }
        })
        let instance = Plugin.fake.instance(host: host)
        instance.start(prompt, log, wants: wants)
        let last = await log.last()
        #expect(last.kind == .response)
        if wants == 3 { #expect((try? JSONValue(parsing: last.text))?["finish_reason"] == "stop") }
        #expect(log.events.last?.contains("\"finish\"") == true)
        await instance.free()
    }

    @Test("given back before it, comes nevertheless", arguments: prompts)
    func release(prompt: String) async {
        let instance = Plugin.fake.instance()
        let log = StepLog()
        instance.start(prompt, log)
        #expect(instance.release(log) == .ok)
        #expect(await log.last().text.contains("AbortError"))
        #expect(instance.cancel(log) == .invalidArgument)
        await instance.free()
    }

    @Test("comes to each of them when the instance is closed, and before `close` returns", arguments: prompts)
    func close(prompt: String) async {
        let host = HostLog()
        let instance = Plugin.fake.instance(host: host)
        let logs = (0..<20).map { _ in StepLog() }
        for log in logs { instance.start(prompt, log) }
        #expect(await instance.close() == .ok)
        for log in logs {
            #expect(log.steps.last?.kind == .error)
            #expect(log.steps.last?.text.contains("AbortError") == true)
            #expect(log.mistakes.isEmpty)
            #expect(instance.release(log) == .ok)
        }
        #expect(host.events.contains { $0.name == "provider:closed" })
        await instance.free()
    }

    @Test("once closed, an instance begins nothing, and tells what it knows")
    func closed() async {
        let instance = Plugin.fake.instance()
        #expect(await instance.close() == .ok)
        let log = StepLog()
        let reply = instance.start("a", log)
        #expect(reply.status == .closed)
        #expect(reply.json["type"] == "AbortError")
        #expect(instance.start(json: "nonsense", log).status == .closed)
        #expect(instance.listModels(log) == .closed)
        #expect(instance.prepare(log) == .closed)
        #expect(log.place.pointee == nil)
        #expect(instance.info.status == .ok)
        #expect(instance.parseToolCalls(["content": []]) == Plugin.Reply(status: .ok, text: "[]"))
        #expect(await instance.close() == .ok)
        #expect(await instance.free() == .ok)
        #expect(log.steps.isEmpty)
    }

    @Test("several threads may close at once, and all of them wait")
    func closeTogether() async {
        let instance = Plugin.fake.instance()
        let logs = (0..<8).map { _ in StepLog() }
        for log in logs { instance.start("a hang", log) }
        let ends = await withTaskGroup(of: (ProviderStatus, Int).self) { group in
            for _ in 0..<4 {
                group.addTask {
                    await onThread { (instance.closeHere(), logs.count { $0.steps.last?.kind == .error }) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ends.allSatisfy { $0.0 == .ok && $0.1 == logs.count })
        await instance.free()
    }

    @Test("a handle outlives the instance")
    func outlive() async {
        let instance = Plugin.fake.instance()
        let log = StepLog()
        instance.start("a hang", log)
        await instance.free()
        #expect(instance.cancel(log) == .ok)
        #expect(instance.resume(log) == .ok)
        #expect(instance.release(log) == .ok)
        #expect(instance.release(log) == .invalidArgument)
    }

    @Test("comes once to each of many calls that are cancelled, resumed and given back at any moment by several threads")
    func many() async {
        let instance = Plugin.fake.instance()
        await withTaskGroup(of: Void.self) { group in
            for seed in 0..<8 as Range<UInt64> {
                group.addTask { await Self.callAtRandom(instance, seed: seed) }
            }
        }
        #expect(await instance.free() == .ok)
    }

    private static func callAtRandom(_ instance: Instance, seed: UInt64) async {
        let logs = await onThread {
            var random = SplitMix(seed: seed)
            return (0..<50).map { number in
                let pauses = Bool.random(using: &random)
                let log = StepLog { log, _ in
                    guard pauses else { return .goOn }
                    _ = instance.resume(log)
                    return .pause
                }
                instance.start(number.isMultiple(of: 3) ? "a b hang" : "a b c", log, wants: Int.random(in: 0...3, using: &random))
                switch Int.random(in: 0..<3, using: &random) {
                case 0: _ = instance.cancel(log)
                case 1: _ = instance.release(log)
                default: if number.isMultiple(of: 3) { _ = instance.cancel(log) }
                }
                return log
            }
        }
        for log in logs {
            let last = await log.last()
            #expect(last.kind == .response || last.text.contains("AbortError"))
            #expect(log.mistakes.isEmpty)
            _ = instance.release(log)
        }
    }
}
