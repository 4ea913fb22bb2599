import CProviderPlugin
import JSON
import Locks
import Testing

@Suite("Inside a callback", .timeLimit(.minutes(2)))
struct InsideCallbackTests {
    @Test("every function may be used but those that wait for it to return")
    func functions() async {
        let instance = Plugin.fake.instance()
        let other = Plugin.fake.instance()
        let inner = StepLog()
        let log = StepLog { log, step in
            guard step.text.contains("\"started\"") else { return .goOn }
            #expect(log.place.pointee != nil)
            #expect(instance.info.status == .ok)
            #expect(instance.parseToolCalls(["content": []]).status == .ok)
            #expect(instance.start("x y", inner).status == .ok)
            for closing in [instance, other] {
                #expect(closing.closeHere() == .wrongThread)
                #expect(closing.freeHere() == .wrongThread)
            }
            let third = Plugin.fake.instance()
            #expect(third.handle != nil)
            #expect(third.freeHere() == .wrongThread)
            _ = BackgroundThread.start { _ = third.freeHere() }
            #expect(Plugin.fake.table.close(nil) == .invalidArgument)
            return .goOn
        }
        instance.start("a b", log)
        #expect(await log.last().kind == .response)
        #expect(await inner.last().kind == .response)
        #expect(await instance.free() == .ok)
        #expect(await other.free() == .ok)
    }

    @Test("of the last step, the call may be given back and the next one begun")
    func chain() async {
        let instance = Plugin.fake.instance()
        let (ends, end) = AsyncStream<Int>.makeStream()
        Self.next(instance, 0, end)
        var seen: [Int] = []
        for await number in ends { seen.append(number) }
        #expect(seen == Array(0..<20))
        await instance.free()
    }

    private static func next(_ instance: Instance, _ number: Int, _ end: AsyncStream<Int>.Continuation) {
        guard number < 20 else { return end.finish() }
        let log = StepLog { log, step in
            guard step.kind != .events else { return .goOn }
            #expect(instance.release(log) == .ok)
            end.yield(number)
            next(instance, number + 1, end)
            return .goOn
        }
        instance.start("a", log)
    }

    @Test("of the host's table, closing is refused too, also while the provider is made")
    func hostTable() async {
        let place = Guarded<Instance?>(nil)
        let statuses = Guarded<[ProviderStatus]>([])
        let host = HostLog(react: { _ in
            let instance = place.withLock { $0 } ?? Plugin.fake.instance()
            statuses.withLock { $0 += [instance.closeHere(), instance.freeHere()] }
        })
        let instance = Plugin.fake.instance(["config": ["api_key": "k"]], host: host)
        place.withLock { $0 = instance }
        let log = StepLog()
        instance.start("a", log)
        _ = await log.last()
        await instance.free()
        // One secret, two events for each of three batches, and one event while it is closed.
        #expect(statuses.withLock { $0 } == Array(repeating: .wrongThread, count: 16))
    }

    @Test("of a call, `close` on another thread waits until it has returned")
    func closeWaitsForCalls() async {
        let instance = Plugin.fake.instance()
        let order = Guarded<[String]>([])
        let begun = Monitor(false)
        let log = StepLog { _, step in
            guard step.kind == .events else { return .goOn }
            begun.withLock { $0 = true }
            // From here on `close` is under way.
            while instance.prepare(StepLog()) != .closed {}
            order.withLock { $0.append("callback returned") }
            return .goOn
        }
        async let closing = onThread {
            begun.wait { $0 }
            _ = instance.closeHere()
            order.withLock { $0.append("closed") }
        }
        instance.start("a hang", log)
        await closing
        #expect(order.withLock { $0 } == ["callback returned", "closed"])
        #expect(log.steps.map(\.kind) == [.events, .error])
        await instance.free()
    }

    @Test("of the host's table, `close` on another thread waits until it has returned")
    func closeWaitsForEvents() async {
        let place = Guarded<Instance?>(nil)
        let order = Guarded<[String]>([])
        let begun = Monitor(false)
        let host = HostLog(react: { event in
            guard event == "provider:warning", let instance = place.withLock({ $0 }) else { return }
            begun.withLock { $0 = true }
            while instance.start("a", StepLog()).status != .closed {}
            order.withLock { $0.append("event told") }
        })
        let instance = Plugin.fake.instance(host: host)
        place.withLock { $0 = instance }
        async let closing = onThread {
            begun.wait { $0 }
            _ = instance.closeHere()
            order.withLock { $0.append("closed") }
        }
        #expect(instance.prepare(StepLog()) == .ok)
        await closing
        #expect(order.withLock { $0 } == ["event told", "closed"])
        await instance.free()
    }
}
