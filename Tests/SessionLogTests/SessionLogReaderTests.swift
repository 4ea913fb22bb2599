import JSON
import SessionLog
import TestSupport
import Testing
import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("The reader", .temporaryFolder)
struct SessionLogReaderTests {
    private let folder = TemporaryFolder()

    private func read(_ text: String) throws -> (records: [SessionRecord], skipped: [(line: Int, reason: String)]) {
        append(text, to: folder.file("events.jsonl"))
        return try SessionLogReader.contents(of: folder.file("events.jsonl"))
    }

    @Test("what the writer wrote is read back: name, time, level, request and payload")
    func roundTrip() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        let time = LogTimestamp(seconds: 1_795_249_793, nanoseconds: 5)
        let payload: JSONObject = ["provider": "vllm", "usage": ["input_tokens": 5], "logprob": -1e-05, "text": "a\n\"日本\""]
        var sent = payload
        sent["request_id"] = "r"
        sent["status"] = "error"
        log.append("llm:response", sent, at: time)
        log.append("session:end")
        log.close()
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(skipped.isEmpty)
        #expect(records.map(\.event) == ["llm:response", "session:end"])
        let record = records[0]
        #expect(record.timestamp == time)
        #expect(record.level == .error)
        #expect(record.sessionID == "s")
        #expect(record.requestID == "r")
        #expect(record.data == payload)
        sent["session_id"] = "s"
        #expect(
            Dictionary(uniqueKeysWithValues: record.payload.map { ($0.key, $0.value) })
                == Dictionary(uniqueKeysWithValues: sent.map { ($0.key, $0.value) }))
        #expect(records[1].line == 2)
        let firstLine = try #require(fileText(path).utf8.split(separator: UInt8(ascii: "\n")).first)
        #expect(records[1].offset == firstLine.count + 1)
    }

    @Test("records of other writers are read: spaces, milliseconds, unknown members, no data")
    func otherWriters() throws {
        let (records, skipped) = try read(
            """
            \u{FEFF}{"ts": "2026-01-21T19:29:07.834+00:00", "lvl": "INFO", "schema": {"name": "amplifier.log", "ver": "1.0.0"}, \
            "event": "session:start", "session_id": "a_b", "data": {"parent_id": null}}\r
            {"event":"x","ts":17,"new":{"deep":[1.0]}}

            """)
        #expect(skipped.isEmpty)
        #expect(records.count == 2)
        #expect(records[0].timestamp == LogTimestamp(seconds: 1_769_023_747, nanoseconds: 834_000_000))
        #expect(records[0].data == ["parent_id": .null])
        #expect(records[1].timestamp == nil)
        #expect(records[1].level == nil)
        #expect(records[1].data.isEmpty)
        #expect(records[1].members["new"]?.text == #"{"deep":[1.0]}"#)
    }

    @Test("lines that are no records are reported with their number, and reading goes on")
    func garbage() throws {
        let (records, skipped) = try read(
            "garbage\n{\"event\":\"a\"}\n\n   \n[1]\n{\"ts\":\"x\"}\n{\"event\":3}\n{\"event\":\"b\"} x\n{\"event\":\"c\"}\n{\"event\":\"torn"
        )
        #expect(records.map(\.event) == ["a", "c"])
        #expect(records.map(\.line) == [2, 9])
        #expect(skipped.map(\.line) == [1, 5, 6, 7, 8, 10])
        #expect(skipped[0].reason.hasPrefix("not JSON: "))
        #expect(skipped[1].reason == "not an object but array")
        #expect(skipped[2].reason == "an object without an event")
        #expect(skipped[5].reason == "cut off: the last line has no end")
    }

    @Test("a last line that only lacks its line feed is a record")
    func noLineFeed() throws {
        let (records, skipped) = try read(#"{"event":"a"}"#)
        #expect(records.map(\.event) == ["a"] && skipped.isEmpty)
    }

    @Test("bytes that no log should have cost their own line and no other")
    func bytes() throws {
        let path = folder.file("events.jsonl")
        let record = Array(#"{"event":"a"}"#.utf8)
        let lines: [[UInt8]] = [
            record, [UInt8](repeating: 0, count: 5000), [0xEF, 0xBB, 0xBF] + record,
            Array(#"{"event":""#.utf8) + [0xFF] + Array("\"}".utf8),
            Array(String(repeating: "[", count: 5000).utf8), Array(#"{"event":"\ud800"}"#.utf8), record,
        ]
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        for line in lines { _ = (line + [0x0A]).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }
        close(descriptor)
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(records.map(\.line) == [1, 7])
        #expect(skipped.map(\.line) == [2, 3, 4, 5, 6])
    }

    @Test("a log that is cut while it is read ends where it ends, and one that is replaced is read as it was")
    func changed() throws {
        let path = folder.file("events.jsonl")
        let lines = String(repeating: "{\"event\":\"a\",\"data\":{\"text\":\"\(String(repeating: "x", count: 1000))\"}}\n", count: 1000)
        append(lines, to: path)
        var reader = try SessionLogReader(path: path)
        #expect(try reader.next() != nil)
        truncate(path, 600_000)
        var count = 1
        while case .record? = try reader.next() { count += 1 }
        #expect((100..<1000).contains(count))
        var replaced = try SessionLogReader(path: path)
        #expect(try replaced.next() != nil)
        unlink(path)
        append("{\"event\":\"b\"}\n", to: path)
        guard case .record(let record)? = try replaced.next() else { throw SessionLogErrorExpectation() }
        #expect(record.event == "a")
    }

    private struct SessionLogErrorExpectation: Error {}

    @Test("lines longer than the limit are skipped without being held")
    func tooLong() throws {
        let path = folder.file("events.jsonl")
        append("{\"event\":\"\(String(repeating: "x", count: 300_000))\"}\n{\"event\":\"short\"}\n", to: path)
        var reader = try SessionLogReader(path: path, maximumLineLength: 1000)
        #expect(try reader.next() == .skipped(line: 1, reason: "longer than 1000 bytes"))
        let second = try reader.next()
        guard case .record(let record)? = second else {
            Issue.record("\(String(describing: second)) is no record")
            return
        }
        #expect(record.event == "short" && record.line == 2 && record.offset == 300_013)
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test("a missing log and a folder without one are errors that name them")
    func missing() {
        let path = folder.file("none")
        let error = #expect(throws: SessionLogError.self) { try SessionLogReader.contents(of: path) }
        #expect(error?.description == "cannot read the event log \(path): No such file or directory")
        let isFolder = #expect(throws: SessionLogError.self) { try SessionLogReader.contents(of: folder.path) }
        #expect(isFolder?.description == "cannot read the event log \(folder.path)/events.jsonl: No such file or directory")
    }
}
