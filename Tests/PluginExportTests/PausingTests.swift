import CProviderPlugin
import JSON
import Testing

@Suite("A host that cannot take more", .timeLimit(.minutes(2)))
struct PausingTests {
    @Test("pauses a call, which goes on where it stood when it is resumed")
    func pause() async {
        let instance = Plugin.fake.instance()
        let (paused, paces) = AsyncStream<Void>.makeStream()
        let log = StepLog { _, step in
            guard step.kind == .events else { return .goOn }
            paces.yield()
            return .pause
        }
        instance.start("a b c", log)
        var count = 0
        for await _ in paused {
            count += 1
            // While it is paused, another one comes and goes.
            let other = StepLog()
            instance.start("x", other)
            _ = await other.last()
            #expect(log.steps.count == count)
            #expect(instance.resume(log) == .ok)
            if count == 5 { break }
        }
        #expect(await log.last().kind == .response)
        #expect(log.mistakes.isEmpty)
        await instance.free()
    }

    @Test("may resume before its callback has returned")
    func early() async {
        let instance = Plugin.fake.instance()
        let log = StepLog { log, step in
            #expect(instance.resume(log) == .ok)
            return .pause
        }
        instance.start("a b c", log)
        #expect(await log.last().kind == .response)
        #expect(log.events.count == 5)
        await instance.free()
    }

    @Test("may resume what is not paused, or over")
    func needless() async {
        let instance = Plugin.fake.instance()
        let log = StepLog()
        instance.start("a b c", log)
        for _ in 0..<3 { #expect(instance.resume(log) == .ok) }
        _ = await log.last()
        #expect(instance.resume(log) == .ok)
        #expect(instance.cancel(log) == .ok)
        #expect(instance.release(log) == .ok)
        await instance.free()
        #expect(log.events.count == 5)
    }

    @Test("may cancel, release or close what is paused", arguments: ["cancel", "release", "close"])
    func pausedForGood(how: String) async {
        let instance = Plugin.fake.instance()
        let (paused, paces) = AsyncStream<Void>.makeStream()
        let log = StepLog { _, step in
            if step.kind == .events { paces.yield() }
            return .pause
        }
        instance.start("a b hang", log)
        for await _ in paused { break }
        switch how {
        case "cancel": #expect(instance.cancel(log) == .ok)
        case "release": #expect(instance.release(log) == .ok)
        default: #expect(await instance.close() == .ok)
        }
        let last = await log.last()
        #expect(last.kind == .error)
        #expect(last.text.contains("AbortError"))
        #expect(log.events.count == 1)
        await instance.free()
        #expect(log.mistakes.isEmpty)
    }
}
