import Testing

@testable import HTTPTransport

@Suite("DeadlineQueue")
struct DeadlineQueueTests {
    private let start = MonotonicTime.now

    private func time(_ milliseconds: Int) -> MonotonicTime { start + .milliseconds(milliseconds) }

    @Test("gives out what is due, the earliest first, once")
    func order() {
        var queue = DeadlineQueue<String>()
        #expect(queue.first == nil)
        queue.set("c", time(30))
        queue.set("a", time(10))
        queue.set("b", time(20))
        #expect(queue.first == time(10))
        #expect(queue.popDue(time(9)) == nil)
        #expect(queue.popDue(time(20)) == "a")
        #expect(queue.popDue(time(20)) == "b")
        #expect(queue.popDue(time(20)) == nil)
        #expect(queue.first == time(30))
    }

    @Test("has one time for each, the last that was set, and none for what was removed")
    func changes() {
        var queue = DeadlineQueue<String>()
        queue.set("a", time(10))
        queue.set("b", time(20))
        queue.set("a", time(30))
        #expect(queue.first == time(20))
        queue.set("b", time(40))
        #expect(queue.popDue(time(100)) == "a")
        queue.remove("b")
        queue.remove("b")
        #expect(queue.first == nil)
    }

    @Test("is what a plain list would be, whatever is set, removed and taken out", arguments: [1, 2, 3])
    func model(seed: UInt64) {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var queue = DeadlineQueue<Int>()
        var model: [Int: MonotonicTime] = [:]
        for _ in 0..<5000 {
            let id = random(60)
            switch random(4) {
            case 0:
                queue.remove(id)
                model[id] = nil
            case 1:
                let now = time(random(1000))
                let popped = queue.popDue(now)
                #expect(popped.flatMap { model[$0] } == model.values.min().flatMap { $0 <= now ? $0 : nil })
                if let popped { model[popped] = nil }
            default:
                let time = time(random(1000))
                queue.set(id, time)
                model[id] = time
            }
            #expect(queue.first == model.values.min())
        }
    }
}
