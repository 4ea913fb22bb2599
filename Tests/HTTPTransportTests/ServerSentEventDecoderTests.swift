import HTTPTransport
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("ServerSentEventDecoder")
struct ServerSentEventDecoderTests {
    /// What a stream is to become: event, data and id of each event, and whether something was left.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var stream: [UInt8]
        var events: [ServerSentEvent]
        var isCut: Bool

        init(_ description: String, _ stream: String, _ events: [ServerSentEvent], isCut: Bool = false) {
            self.init(description, Array(stream.utf8), events, isCut: isCut)
        }

        init(_ description: String, _ stream: [UInt8], _ events: [ServerSentEvent], isCut: Bool = false) {
            (testDescription, self.stream, self.events, self.isCut) = (description, stream, events, isCut)
        }
    }

    static let cases = [
        Case("one line of data", "data: hello\n\n", [event("hello")]),
        Case("carriage returns", "data: a\r\rdata: b\r\r", [event("a"), event("b")]),
        Case("carriage returns with line feeds", "data: a\r\n\r\ndata: b\r\n\r\n", [event("a"), event("b")]),
        Case("a carriage return within a line", "data: a\rb\n\ndata: c\n\n", [event("a"), event("c")]),
        Case("line ends of all kinds", "data: a\rdata: b\r\ndata: c\n\r\n", [event("a\nb\nc")]),
        Case("a line feed after an empty line that a carriage return ended", "data: a\r\n\r\n\ndata: b\n\n", [event("a"), event("b")]),
        Case("the standard's first example", "data: YHOO\ndata: +2\ndata: 10\n\n", [event("YHOO\n+2\n10")]),
        Case(
            "the standard's second example", ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
            [event("first event", id: "1"), event("second event")], isCut: true),
        Case("the standard's third example", "data\n\ndata\ndata\n\ndata:", [event(""), event("\n")], isCut: true),
        Case("the standard's fourth example", "data:test\n\ndata: test\n\n", [event("test"), event("test")]),
        Case("only one leading space goes", "data:  two\ndata:\ttab\n\n", [event(" two\n\ttab")]),
        Case("a byte order mark at the start only", "\u{FEFF}data: a\n\n\u{FEFF}data: b\n\ndata: c\n\n", [event("a"), event("c")]),
        Case("a byte order mark before an empty line", "\u{FEFF}\ndata: a\n\n", [event("a")]),
        Case("comments", ": keep-alive\n\n:\n:data: no\ndata: a\n: between\ndata: b\n\n", [event("a\nb")]),
        Case("event names", "event: error\ndata: x\n\ndata: y\n\n", [event("x", "error"), event("y")]),
        Case("the last event name counts", "event: a\nevent: b\ndata: x\n\n", [event("x", "b")]),
        Case("an empty event name is none", "event: a\nevent:\ndata: x\n\n", [event("x")]),
        Case("an event without data is none, and its name is forgotten", "event: a\n\ndata: x\n\n", [event("x")]),
        Case(
            "an id stays until it changes", "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n",
            [event("a", id: "7"), event("b", id: "7"), event("c")]),
        Case("an id with a NUL is ignored", "id: 1\nid: 2\0\ndata: a\n\n", [event("a", id: "1")]),
        Case("an id without data counts", "id: 5\n\ndata: a\n\n", [event("a", id: "5")]),
        Case("unknown fields and names that only look alike", "Data: no\n data: no\ndatas: no\nfoo\ndata: a\n\n", [event("a")]),
        Case("colons in the data", "data: {\"a\":\"b:c\"}\n\n", [event("{\"a\":\"b:c\"}")]),
        Case("an empty field name", "data: a\n:\n: \n\n", [event("a")]),
        Case("characters of several bytes", "data: 🇯🇵 über\n\n", [event("🇯🇵 über")]),
        Case("an event that nothing ends", "data: a\n\ndata: b\n", [event("a")], isCut: true),
        Case("a line that nothing ends", "data: a\n\ndat", [event("a")], isCut: true),
        Case("an event name that nothing ends", "event: done\n", [], isCut: true),
        Case("nothing", "", []),
        Case("the end that vLLM sends", "data: {}\n\ndata: [DONE]\n\n", [event("{}"), event("[DONE]")]),
        Case(
            "bytes that are no UTF-8", Array("data: a".utf8) + [0xF0, 0x9F, 0x8F, 0xFF] + Array("b\n\n".utf8),
            [ServerSentEvent(data: [0x61, 0xF0, 0x9F, 0x8F, 0xFF, 0x62])]),
    ]

    @Test("reads what the standard says, at any split into two and byte by byte", arguments: Self.cases)
    func followsTheStandard(_ testCase: Case) throws {
        for split in 0...testCase.stream.count {
            let parts = [Array(testCase.stream[..<split]), Array(testCase.stream[split...])]
            let (events, decoder) = try decode(parts)
            #expect(events == testCase.events, "split at \(split)")
            #expect(decoder.hasPartialEvent == testCase.isCut, "split at \(split)")
        }
        let (events, decoder) = try decode(testCase.stream.map { [$0] })
        #expect(events == testCase.events)
        #expect(decoder.hasPartialEvent == testCase.isCut)
    }

    @Test("bytes that are no UTF-8 become replacement characters in the text")
    func repair() {
        let event = ServerSentEvent(data: [0x61, 0xF0, 0x9F, 0x8F, 0xFF, 0x62])
        #expect(event.text == "a\u{FFFD}\u{FFFD}b")
    }

    @Test(
        "the reconnection time is a number of milliseconds, and anything else is ignored",
        arguments: [
            ("retry: 2500\n", 2500), ("retry: 2500\nretry: -1\nretry: 1s\nretry:\nretry: 99999999999999999999\n", 2500),
            ("retry: 1.5\n", nil),
        ])
    func retry(stream: String, milliseconds: Int?) throws {
        var decoder = ServerSentEventDecoder()
        _ = try decoder.decode(Array(stream.utf8))
        #expect(decoder.reconnectionTime == milliseconds.map { .milliseconds($0) })
    }

    @Test("a line or an event over the limit is an error, however it arrives", arguments: [1, 3, 1000])
    func limit(batchSize: Int) throws {
        let streams = ["data: \(String(repeating: "a", count: 101))", "data: \(String(repeating: "a", count: 60))\n"]
        let tooLarge = [
            streams[0], streams[0] + "\n\n", streams[1] + streams[1] + "\n", ":" + streams[0], ":" + streams[0] + "\n",
            "data: \(String(repeating: "a", count: 95))\n\n", "\u{FEFF}" + streams[0] + "\n",
        ]
        for stream in tooLarge {
            var decoder = ServerSentEventDecoder(limit: 100)
            let error = #expect(throws: TransportError.self) {
                for batch in Array(stream.utf8).batches(of: batchSize) { _ = try decoder.decode(batch) }
            }
            #expect(error?.code == .eventTooLarge)
            #expect(throws: TransportError.self) { try decoder.next() }
        }
    }

    @Test("an event of exactly the limit passes")
    func atLimit() throws {
        var decoder = ServerSentEventDecoder(limit: 100)
        let events = try decoder.decode(Array("data: \(String(repeating: "a", count: 94))\ndata: abcde\n\n".utf8))
        #expect(events.map(\.data.count) == [100])
    }

    @Test("the data of an event that came in one batch is no copy")
    func inPlace() throws {
        let batch = Array("data: first\n\ndata: second\n\n".utf8)
        var decoder = ServerSentEventDecoder()
        let events = try decoder.decode(batch)
        let start = batch.withUnsafeBytes { $0.baseAddress }
        let data = events.map { $0.data.withUnsafeBytes { $0.baseAddress } }
        #expect(data == [start.map { $0 + 6 }, start.map { $0 + 19 }])
    }

    @Test("eight times the bytes cost about eight times the work, in one long line and in many that only carriage returns end")
    func linear() throws {
        func work(_ count: Int) throws -> (line: Double, lines: Double) {
            let line = Array("data: \(String(repeating: "x", count: count))".utf8).map { [$0] }
            let lines = Array(String(repeating: "data: y\r\r", count: count / 4).utf8)
            return (try cpuTime { _ = try decode(line) }, try cpuTime { _ = try decode([lines]) })
        }
        let (small, large) = (try work(40_000), try work(320_000))
        #expect(large.line / small.line < 24)
        #expect(large.lines / small.lines < 24)
    }

    @Test(
        "every recorded stream gives the same events whole, byte by byte and at every split",
        arguments: Recording.names { $0.eventCount != nil })
    func recordings(name: String) throws {
        let recording = try Recording(name)
        let stream = recording.response?.body ?? []
        let (whole, _) = try decode([stream])
        #expect(whole.map(\.text) == recording.events)
        // At each position a copy of the decoder that was fed byte by byte takes the next events at once.
        var decoder = ServerSentEventDecoder()
        var decoded = 0
        for (position, byte) in stream.enumerated() {
            var copy = decoder
            let following = try copy.decode(Array(stream[position...].prefix(500)))
            guard equal(following, whole[decoded...].prefix(following.count)) else {
                Issue.record("a split at byte \(position) changes the events")
                return
            }
            decoded += try decoder.decode([byte]).count
        }
        #expect(decoded == whole.count)
    }

    /// `==`, which takes its time byte by byte where the tests are not optimised.
    private func equal(_ left: [ServerSentEvent], _ right: ArraySlice<ServerSentEvent>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { left, right in
            left.data.count == right.data.count && left.event == right.event && left.id == right.id
                && left.data.withUnsafeBytes { left in
                    right.data.withUnsafeBytes { left.count == 0 || memcmp(left.baseAddress!, $0.baseAddress!, left.count) == 0 }
                }
        }
    }

    private func decode(_ batches: [[UInt8]]) throws -> ([ServerSentEvent], ServerSentEventDecoder) {
        var decoder = ServerSentEventDecoder()
        var events: [ServerSentEvent] = []
        for batch in batches { events += try decoder.decode(batch) }
        return (events, decoder)
    }
}

private func event(_ data: String, _ name: String? = nil, id: String = "") -> ServerSentEvent {
    ServerSentEvent(event: name, data: Array(data.utf8)[...], id: id)
}

/// The seconds that this thread computes for `body`, whatever else the machine does.
private func cpuTime(_ body: () throws -> Void) rethrows -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    try body()
    return now() - start
}
