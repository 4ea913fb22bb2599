import JSON
import Testing
import Timestamps

@testable import SessionLog

@Suite("Records that wait for the disk")
struct LogQueueTests {
    /// A queue of lines that are nothing but their number.
    private struct Queue {
        var queue: LogQueue

        init(limit: Int) { queue = LogQueue(limit: limit) }

        mutating func add(_ text: String, isMinor: Bool = false) -> Bool {
            let time = LogTimestamp(seconds: 0)
            return Array(text.utf8).withUnsafeBufferPointer { line in
                queue.add(LogRecord(content: .line(0..<line.count), isMinor: isMinor, time: time), of: line)
            }
        }

        mutating func add(_ event: SessionEvent, size: Int) -> Bool {
            let record = LogRecord(content: .event(event, size: size), isMinor: false, time: event.time)
            return queue.add(record, of: UnsafeBufferPointer(start: nil, count: 0))
        }

        /// What is taken, each event by its name, and whether it tells of drops.
        mutating func take(reason: String = "") -> (texts: [String], tellsOfDrops: Bool, group: LogGroup) {
            let (group, tells) = queue.take(reason: reason)
            var texts: [String] = []
            group.forEach(from: 0) {
                texts.append(String(decoding: $0, as: UTF8.self))
            } event: {
                texts.append($0.name)
            }
            return (texts, tells, group)
        }
    }

    @Test("where there is no room for all, those for people who look for a fault and pieces of streams go first")
    func priorities() {
        var queue = Queue(limit: 4000)
        let line = String(repeating: "x", count: 1000)
        let minor = (0..<11).map { _ in queue.add(line, isMinor: true) }
        #expect(minor == [true, true, true] + Array(repeating: false, count: 8))
        let others = (0..<2).map { _ in queue.add(line) }
        #expect(others == [true, false])
        #expect(queue.queue.droppedSinceTold == 9)
    }

    @Test(
        "debug events, raw ones and pieces of streams are those that go first",
        arguments: [
            ("llm:request:debug", true), ("llm:request:raw", true), ("llm:stream_block_delta", true), ("llm:response", false),
            ("provider:error", false),
        ])
    func minor(name: String, isMinor: Bool) {
        var writer = JSONWriter()
        #expect(LogRecord(SessionEvent(name), RecordEncoder(sessionID: "s"), nil, to: &writer).isMinor == isMinor)
    }

    @Test("what was dropped is told once, behind what had waited")
    func telling() {
        var queue = Queue(limit: 2)
        let taken = ["aa", "b", "c"].map { queue.add($0) }
        #expect(taken == [true, false, false])
        let (texts, tells, group) = queue.take(reason: "the disk is full")
        #expect(tells && texts == ["aa", "log:dropped"])
        #expect(group.events.last?.event.payload == ["count": 2, "reason": "the disk is full"])
        #expect(queue.queue.isEmpty && queue.queue.bytes == 0)
        let hasRoom = queue.add("dd")
        #expect(hasRoom)
        let (next, tellsAgain, _) = queue.take()
        #expect(!tellsAgain && next == ["dd"])
    }

    @Test("a record that is larger than the queue is logged where nothing else waits")
    func large() {
        var queue = Queue(limit: 100)
        let taken = [1 << 30, 1].map { queue.add(SessionEvent("llm:response"), size: $0) }
        #expect(taken == [true, false])
    }

    @Test("what is written together is bounded, and in order")
    func groups() {
        var queue = Queue(limit: 1 << 30)
        let line = String(repeating: "x", count: 400 << 10)
        for number in 0..<5 { _ = queue.add("\(number)" + line) }
        var taken: [[String]] = []
        while !queue.queue.isEmpty { taken.append(queue.take().texts.map { String($0.prefix(1)) }) }
        #expect(taken == [["0", "1"], ["2", "3"], ["4"]])
        #expect(queue.queue.bytes == 0)
    }

    @Test("lines do not wait for a large event behind them to be made into lines")
    func largeEvent() {
        var queue = Queue(limit: 1 << 30)
        _ = queue.add("first")
        _ = queue.add(SessionEvent("small"), size: 1000)
        _ = queue.add(SessionEvent("large"), size: 100_000)
        _ = queue.add("last")
        var taken: [[String]] = []
        while !queue.queue.isEmpty { taken.append(queue.take().texts) }
        #expect(taken == [["first", "small"], ["large", "last"]])
    }

    @Test("lines and events that wait together keep their order, from the first and from any other one on")
    func order() {
        var queue = Queue(limit: 1 << 20)
        for number in 0..<9 {
            _ = number % 3 == 1 ? queue.add(SessionEvent("\(number)"), size: 1) : queue.add("\(number)")
        }
        let group = queue.take().group
        for first in 0...9 {
            var texts: [String] = []
            group.forEach(from: first) {
                texts.append(String(decoding: $0, as: UTF8.self))
            } event: {
                texts.append($0.name)
            }
            #expect(texts == (first..<9).map { "\($0)" })
        }
    }

    @Test("the memory of what was written is used again, and none of it is seen there")
    func recycling() {
        var queue = Queue(limit: 1 << 20)
        _ = queue.add("first")
        var group = queue.take().group
        group.removeAll()
        queue.queue.recycle(group)
        _ = queue.add("second")
        #expect(queue.take().texts == ["second"])
    }
}
