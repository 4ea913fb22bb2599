import JSON
import TestSupport
import Testing

@testable import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("A log that somebody else puts aside, holds or damages", .temporaryFolder)
struct SessionLogSharingTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("events.jsonl") }
    private var segment: String { folder.file("events.000001.jsonl") }

    private func events(of path: String) throws -> [String] { try SessionLogReader.contents(of: path).records.map(\.event) }

    @Test("a part that was put aside and is held by another process keeps nobody waiting")
    func heldPart() throws {
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append("a")
        #expect(log.flush())
        #expect(rename(path, segment) == 0)
        let holder = open(segment, O_RDWR)
        defer { close(holder) }
        #expect(flock(holder, LOCK_EX) == 0)
        log.append("b")
        #expect(log.flush())
        #expect(try events(of: path) == ["a", "b"])
        #expect(try fileText(path).contains(#""event":"b""#))
        // Closing would compress what is held, which is complete.
        log.close()
        #expect(log.lostRecords == 0)
    }

    @Test("a part is compressed by one process at a time, which keeps no writer out of it")
    func oneCompressor() throws {
        for turn in 0..<100 { append(#"{"event":"e","turn":\#(turn)}"# + "\n", to: segment) }
        let parts = LogSegment.all(of: path)
        var first = SegmentCompressor(try #require(parts.first))
        #expect(first != nil)
        #expect(SegmentCompressor(parts[0]) == nil)
        let writer = open(segment, O_RDWR)
        defer { close(writer) }
        #expect(flock(writer, LOCK_EX | LOCK_NB) == 0)
        while first?.step() == true {}
        // While it has not let go of it, and afterwards.
        #expect(SegmentCompressor(parts[0]) == nil)
        first = nil
        #expect(SegmentCompressor(parts[0]) == nil)
        #expect(LogSegment.entries(of: folder.path) == ["events.000001.jsonl.zst"])
        #expect(try events(of: segment + ".zst").count == 100)
    }

    @Test("records wait where the log was put aside and no new one can be opened: what is put aside takes none")
    func noNewFile() throws {
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append("a")
        #expect(log.flush())
        #expect(rename(path, segment) == 0)
        // A folder in its place: nothing can be opened there.
        #expect(mkdir(path, 0o700) == 0)
        log.append("b")
        #expect(!log.flush(within: .milliseconds(50)))
        #expect(rmdir(path) == 0)
        #expect(log.flush())
        log.close()
        #expect(log.lostRecords == 0)
        #expect(log.failure?.code == EISDIR)
        #expect(try fileText(path).split(separator: "\n").count == 1)
        #expect(try events(of: path) == ["a", "b"])
    }

    @Test("only a session's own log has a lock beside it: other files of that name are left alone")
    func lockOfOthers() throws {
        let lock = folder.file("tape.lock")
        append("mine\n", to: lock)
        chmod(lock, 0o644)
        for name in ["tape.jsonl", "other.jsonl"] {
            let log = try SessionLogWriter(path: folder.file(name), sessionID: "s")
            log.append("a")
            log.close()
        }
        #expect(mode(of: lock) == 0o644)
        #expect(LogSegment.entries(of: folder.path).sorted() == ["other.jsonl", "tape.jsonl", "tape.lock"])
    }

    @Test("a content that was damaged is stored anew by whoever goes on with the log", arguments: ["content", "hash"])
    func damagedContent(part: String) throws {
        let text = JSONValue.string(String(repeating: "instructions ", count: 100))
        let message: JSONValue = ["role": "system", "content": text]
        let payload: JSONObject = ["data": ["request": ["messages": [message]]]]
        func write() throws {
            let log = try SessionLogWriter(path: path, sessionID: "s")
            log.append("llm:request:raw", payload)
            log.close()
        }
        try write()
        var bytes = Array(try fileText(path).utf8)
        let mark = Array((part == "hash" ? #""hash":"sha256:"# : "instructions instr").utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: mark) }) + mark.count
        bytes[place] = bytes[place] == UInt8(ascii: "a") ? UInt8(ascii: "b") : UInt8(ascii: "a")
        unlink(path)
        append(String(decoding: bytes, as: UTF8.self), to: path)
        try write()
        var reader = try SessionLogReader(path: path, unpacksContents: true)
        var requests: [JSONValue?] = []
        while let line = try reader.next() {
            if case .record(let record) = line { requests.append(record.data["data"]?["request"]) }
        }
        #expect(requests == [payload["data"]?["request"]])
    }
}
