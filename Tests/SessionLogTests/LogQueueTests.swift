import JSON
import Testing

@testable import SessionLog

@Suite("Records that wait for the disk")
struct LogQueueTests {
    @Test("where there is no room for all, those for people who look for a fault and pieces of streams go first")
    func priorities() {
        var queue = LogQueue(limit: 4000)
        let names = Array(repeating: "llm:request:debug", count: 10) + ["llm:stream_block_delta", "llm:response", "llm:response"]
        let taken = names.map { queue.add(SessionEvent($0), size: 1000) }
        #expect(taken == [true, true, true] + Array(repeating: false, count: 8) + [true, false])
        #expect(queue.droppedSinceTold == 9)
    }

    @Test("what was dropped is told once, behind what had waited")
    func telling() {
        var queue = LogQueue(limit: 2000)
        let taken = ["a", "b", "c"].map { queue.add(SessionEvent($0), size: 1500) }
        #expect(taken == [true, false, false])
        let (events, tells) = queue.take(reason: "the disk is full")
        #expect(tells && events.map(\.name) == ["a", "log:dropped"])
        #expect(events.last?.payload == ["count": 2, "reason": "the disk is full"])
        #expect(queue.isEmpty && queue.bytes == 0)
        let hasRoom = queue.add(SessionEvent("d"), size: 1500)
        #expect(hasRoom)
        let (next, tellsAgain) = queue.take(reason: "")
        #expect(!tellsAgain && next.map(\.name) == ["d"])
    }

    @Test("a record that is larger than the queue is logged where nothing else waits")
    func large() {
        var queue = LogQueue(limit: 100)
        let taken = [1 << 30, 1].map { queue.add(SessionEvent("llm:response"), size: $0) }
        #expect(taken == [true, false])
    }

    @Test("what is written together is bounded, and in order")
    func groups() {
        var queue = LogQueue(limit: 1 << 30)
        for number in 0..<5 { _ = queue.add(SessionEvent("e\(number)"), size: 400 << 10) }
        var taken: [[String]] = []
        while !queue.isEmpty { taken.append(queue.take(reason: "").events.map(\.name)) }
        #expect(taken == [["e0", "e1"], ["e2", "e3"], ["e4"]])
        #expect(queue.bytes == 0)
    }
}
