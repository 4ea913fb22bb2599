import CProviderPlugin
import Foundation
import JSON
import Locks
import TestSupport
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

    @Test("one is on the thread on which the answer arrives, but for what comes first and last", arguments: [true, false])
    func thread(hasThread: Bool) async {
        let instance = Plugin.fake.instance()
        let places = Guarded<[Bool]>([])
        let log = StepLog { _, step in
            if step.kind == .events { places.withLock { $0.append(QueueExecutor.shared.isCurrent) } }
            return .goOn
        }
        instance.start("a b c", log, options: hasThread ? ["queue": true] : nil)
        #expect(await log.last().kind == .response)
        #expect(places.withLock { $0 } == [false] + Array(repeating: hasThread, count: 4))
        await instance.free()
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
        let host = HostLog(react: { _, _ in
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
        let host = HostLog()
        let instance = Plugin.fake.instance(host: host)
        let order = Guarded<[String]>([])
        let begun = Monitor(false)
        let log = StepLog { _, step in
            guard step.kind == .events else { return .goOn }
            begun.withLock { $0 = true }
            Self.lingerWhileClosing(instance, host)
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
        let host = HostLog(react: { host, event in
            guard event == "provider:info", let instance = place.withLock({ $0 }) else { return }
            begun.withLock { $0 = true }
            Self.lingerWhileClosing(instance, host)
            order.withLock { $0.append("event told") }
        })
        let instance = Plugin.fake.instance(host: host)
        place.withLock { $0 = instance }
        async let closing = onThread {
            begun.wait { $0 }
            _ = instance.closeHere()
            order.withLock { $0.append("closed") }
        }
        // The fake tells of it, on this thread.
        _ = await onThread { instance.info }
        await closing
        #expect(order.withLock { $0 } == ["event told", "closed"])
        await instance.free()
    }

    /// Waits until `close` has ended the provider, and stays a while longer: long enough for one that does not wait.
    private static func lingerWhileClosing(_ instance: Instance, _ host: HostLog) {
        while instance.prepare(StepLog()) != .closed {}
        // The provider ends on another of the threads that callbacks come on; where there is but one, it does so later.
        let limit = ContinuousClock.now + .seconds(2)
        while !host.events.contains(where: { $0.name == "provider:closed" }), ContinuousClock.now < limit { sched_yield() }
        instance.linger()
    }
}
