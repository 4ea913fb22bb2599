import JSON
import TestSupport
import Testing
import Timestamps

@testable import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("A log that grows is put aside in parts", .temporaryFolder)
struct SessionLogRotationTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("events.jsonl") }

    private func files() -> [String] { LogSegment.entries(of: folder.path).sorted() }

    /// Writes records of about 1 KB, each by itself.
    private func write(_ turns: Range<Int>, _ options: SessionLogOptions, name: String = "e") throws {
        let log = try SessionLogWriter(path: path, sessionID: "s", options: options)
        for turn in turns {
            log.append(name, ["turn": .integer(turn), "text": .string(String(repeating: "x", count: 900))])
            #expect(log.flush())
        }
        log.close()
        #expect(log.lostRecords == 0)
    }

    private func turns() throws -> [Int?] {
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(skipped.isEmpty)
        return records.map { $0.data["turn"]?.int }
    }

    @Test("by size: the parts are compressed, and read as one with the rest", arguments: [true, false])
    func bySize(compresses: Bool) throws {
        try write(0..<10, SessionLogOptions(rotateSize: 3000, compresses: compresses))
        let end = compresses ? ".jsonl.zst" : ".jsonl"
        #expect(files() == ["events.000001\(end)", "events.000002\(end)", "events.000003\(end)", "events.jsonl", "events.lock"])
        #expect(try turns() == Array(0..<10))
        for file in files() { #expect(mode(of: folder.file(file)) == 0o600, "\(file)") }
    }

    @Test("by age: that of the first record, also where another process wrote it")
    func byAge() throws {
        append(#"{"ts":"2026-01-01T00:00:00.000000000+00:00","event":"old","data":{"turn":0}}"# + "\n", to: path)
        try write(1..<3, SessionLogOptions(rotateSize: 0, rotateAge: 3600))
        #expect(try fileText(path).split(separator: "\n").count == 2)
        #expect(try turns() == [0, 1, 2])
    }

    @Test("what is not to be kept goes, the oldest first")
    func retention() throws {
        try write(0..<20, SessionLogOptions(rotateSize: 3000, retention: .init(count: 2)))
        #expect(files().filter { $0.hasSuffix(".zst") } == ["events.000005.jsonl.zst", "events.000006.jsonl.zst"])
        #expect(try turns() == Array(12..<20))
        try write(20..<21, SessionLogOptions(retention: .init(bytes: 1)))
        #expect(files() == ["events.jsonl", "events.lock"])
    }

    @Test("parts that are too old are not kept, however few they are")
    func retentionByAge() throws {
        try write(0..<8, SessionLogOptions(rotateSize: 3000))
        let segments = LogSegment.all(of: path)
        let later = LogTimestamp(seconds: LogTimestamp.now().seconds + 7200)
        #expect(LogSegment.superfluous(segments, .init(age: 3600)).isEmpty)
        #expect(LogSegment.superfluous(segments, .init(age: 3600), now: later).count == segments.count)
    }

    @Test("every part holds all that its records refer to, and so does a file that another process goes on with")
    func contents() throws {
        let long = JSONValue.string(String(repeating: "long ", count: 400))
        let message: JSONValue = ["role": "user", "content": long]
        let payload: JSONObject = ["data": ["request": ["messages": [message, message]]]]
        for _ in 0..<2 {
            let log = try SessionLogWriter(path: path, sessionID: "s", options: SessionLogOptions(rotateSize: 4500, compresses: false))
            for _ in 0..<6 {
                log.append("llm:request:raw", payload)
                #expect(log.flush())
            }
            log.close()
        }
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(skipped.isEmpty)
        #expect(records.count { $0.event == "log:content" } == 2 * LogSegment.all(of: path).count + 2)
        var unpacker = ContentUnpacker()
        for record in records where record.event != "log:content" || record.offset == 0 {
            guard case .whole(let members) = unpacker.unpack(record.members) else { continue }
            #expect(members["data"]?["data"]?["request"] == payload["data"]?["request"])
        }
        for segment in LogSegment.all(of: path).map(\.path) + [path] {
            var unpacker = ContentUnpacker()
            let (records, _) = try SessionLogReader.contents(of: segment)
            for record in records {
                if case .failed(let reason) = unpacker.unpack(record.members) { Issue.record("\(segment): \(reason)") }
            }
        }
    }

    @Test("two writers go on in the same file, whoever has put the last one aside")
    func twoWriters() throws {
        let options = SessionLogOptions(rotateSize: 2000, compresses: false)
        let logs = [
            try SessionLogWriter(path: path, sessionID: "a", options: options),
            try SessionLogWriter(path: path, sessionID: "b", options: options),
        ]
        for turn in 0..<20 {
            logs[turn % 2].append("e", ["turn": .integer(turn), "text": .string(String(repeating: "x", count: 900))])
            #expect(logs[turn % 2].flush())
        }
        for log in logs { log.close() }
        #expect(try turns() == Array(0..<20))
        #expect(LogSegment.all(of: path).count == 9)
    }

    @Test("what a crash has left behind is put in order by the next one")
    func leftovers() throws {
        try write(0..<7, SessionLogOptions(rotateSize: 3000, compresses: false))
        // One was about to be compressed, of another the plain file was not removed yet.
        append("torn", to: folder.file("events.000001.jsonl.zst.tmp"))
        try write(7..<8, SessionLogOptions())
        #expect(files() == ["events.000001.jsonl.zst", "events.000002.jsonl.zst", "events.jsonl", "events.lock"])
        append("{}\n", to: folder.file("events.000002.jsonl"))
        try write(8..<9, SessionLogOptions())
        #expect(files() == ["events.000001.jsonl.zst", "events.000002.jsonl.zst", "events.jsonl", "events.lock"])
        #expect(try turns() == Array(0..<9))
    }

    @Test("a session whose folder is thrown away while it is open ends at once, and its records are counted as lost")
    func thrownAway() throws {
        let path = folder.file("gone/events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s", options: SessionLogOptions(rotateSize: 1))
        log.append("a")
        #expect(log.flush())
        for file in LogSegment.entries(of: folder.file("gone")) { unlink(folder.file("gone/\(file)")) }
        rmdir(folder.file("gone"))
        log.append("b")
        #expect(log.flush())
        log.append("c")
        log.close()
        #expect(log.lostRecords == 2)
        #expect(log.failure?.code == ENOENT)
        #expect(files().isEmpty)
    }
}
