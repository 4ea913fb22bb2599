import JSON
import Redaction
import SessionLog
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("The writer", .temporaryFolder)
struct SessionLogWriterTests {
    private let folder = TemporaryFolder()

    @Test("what was appended is in the file once it is flushed, and grep finds the provider")
    func durable() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append("llm:request", ["provider": "vllm"])
        #expect(log.flush())
        #expect(try fileText(path).contains(#""provider":"vllm""#))
        log.append("llm:response", ["provider": "vllm"])
        log.close()
        #expect(try fileText(path).split(separator: "\n").count == 2)
    }

    @Test("what was appended gets into the file without being asked for, again and again", .timeLimit(.minutes(2)))
    func unasked() async throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        for turn in 0..<50 {
            log.append("e", ["turn": .integer(turn)])
            while try !fileText(path).hasSuffix(#""data":{"turn":\#(turn)}}"# + "\n") { await Task.yield() }
        }
        log.close()
    }

    @Test("the log is private, and so are the folders made for it")
    func modes() throws {
        let path = folder.file("a/b/sessions/s/events.jsonl")
        _ = try SessionLogWriter(path: path, sessionID: "s")
        #expect(mode(of: path) == 0o600)
        for made in ["a", "a/b", "a/b/sessions", "a/b/sessions/s"] { #expect(mode(of: folder.file(made)) == 0o700, "\(made)") }
    }

    @Test("an older log that others may read becomes private; folders that were there stay as they are")
    func tightened() throws {
        let path = folder.file("events.jsonl")
        append("old\n", to: path)
        chmod(path, 0o644)
        chmod(folder.path, 0o755)
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append("x")
        log.close()
        #expect(mode(of: path) == 0o600)
        #expect(mode(of: folder.path) == 0o755)
        #expect(try fileText(path).hasPrefix("old\n{"))
    }

    @Test("excluded events are not written and not counted as lost")
    func excluded() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        #expect(!log.logs("llm:stream_block_delta"))
        log.append("llm:stream_block_delta", ["text": "2+2"])
        log.append("llm:stream_block_start")
        log.close()
        #expect(try fileText(path).split(separator: "\n").count == 1)
        #expect(log.lostRecords == 0)
        let all = try SessionLogWriter(path: path, sessionID: "s", filter: EventFilter(exclude: []))
        #expect(all.logs("llm:stream_block_delta"))
    }

    @Test("secrets do not reach the file, wherever in the event they are")
    func redacted() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s", redactor: Redactor(secrets: ["topsecret-42"]))
        log.append(
            "provider:error",
            ["error": ["msg": "key topsecret-42 refused"], "headers": ["Authorization": "Bearer x"], "api_key": "k", "max_tokens": 5])
        log.close()
        let text = try fileText(path)
        #expect(!text.contains("topsecret-42"))
        #expect(text.contains(#""error":{"msg":"key [REDACTED] refused"}"#))
        #expect(text.contains(#""data":{"headers":{"Authorization":"[REDACTED]"},"api_key":"[REDACTED]","max_tokens":5}"#))
    }

    @Test("a batch is written in order, without its excluded events")
    func batch() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append(batch: (0..<5).map { SessionEvent($0 == 2 ? "llm:stream_block_delta" : "e\($0)") })
        log.flush()
        let names = try fileText(path).split(separator: "\n").map { $0.contains("\"event\":\"e") }
        #expect(names == [true, true, true, true])
        log.append(batch: [])
        #expect(log.lostRecords == 0)
    }

    @Test("lines of many tasks and of two writers never mix, and each task's own stay in order")
    func concurrent() async throws {
        let path = folder.file("events.jsonl")
        let logs = [
            try SessionLogWriter(path: path, sessionID: "first"), try SessionLogWriter(path: path, sessionID: "second"),
        ]
        let each = 300
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask { @concurrent in
                    // Lengths around the size of a page, where a torn write would show.
                    for turn in 0..<each {
                        let filler = String(repeating: "é", count: (worker * each + turn) * 7 % 5000)
                        logs[worker % 2].append("e", ["worker": .integer(worker), "turn": .integer(turn), "filler": .string(filler)])
                    }
                }
            }
        }
        for log in logs { log.close() }
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(skipped.isEmpty)
        for worker in 0..<8 {
            let turns = records.filter { $0.data["worker"]?.int == worker }.map { $0.data["turn"]?.int }
            #expect(turns == Array(0..<each))
        }
        #expect(records.count == 8 * each)
    }

    @Test(
        "what is waited for is in the file, behind what was appended before it", arguments: SessionLogOptions.Durability.allCases)
    func waitedFor(durability: SessionLogOptions.Durability) throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s", options: SessionLogOptions(durability: durability))
        for turn in 0..<20 {
            log.append("appended", ["turn": .integer(turn)])
            #expect(log.write("written", ["turn": .integer(turn)]))
            #expect(log.write(batch: [SessionEvent("first"), SessionEvent("second")]))
            let names = try SessionLogReader.contents(of: path).records.map(\.event)
            #expect(names == Array(repeating: ["appended", "written", "first", "second"], count: turn + 1).flatMap(\.self))
        }
        log.close()
        #expect(!log.write("late"))
        #expect(log.lostRecords == 1)
    }

    @Test("who waits for a log that another process keeps waits no longer than the limit, and nothing is lost")
    func kept() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        let holder = open(path, O_RDWR)
        defer { close(holder) }
        #expect(flock(holder, LOCK_EX) == 0)
        log.append("a")
        #expect(!log.flush(within: .milliseconds(20)))
        #expect(!log.write("b", within: .milliseconds(20)))
        #expect(flock(holder, LOCK_UN) == 0)
        #expect(log.flush(within: .seconds(600)))
        log.close()
        #expect(try SessionLogReader.contents(of: path).records.map(\.event) == ["a", "b"])
    }

    @Test("some append and others wait: all is in the file, in each one's order")
    func appendedAndWaitedFor() async throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask { @concurrent in
                    for turn in 0..<200 {
                        let payload: JSONObject = ["worker": .integer(worker), "turn": .integer(turn)]
                        if worker % 2 == 0 { log.append("e", payload) } else { #expect(log.write("e", payload, within: .seconds(600))) }
                    }
                }
            }
        }
        log.close()
        let records = try SessionLogReader.contents(of: path).records
        for worker in 0..<4 {
            #expect(records.filter { $0.data["worker"]?.int == worker }.map { $0.data["turn"]?.int } == Array(0..<200))
        }
    }

    @Test("a writer that finds a torn last line starts a new one")
    func afterTornLine() throws {
        let path = folder.file("events.jsonl")
        append(#"{"event":"whole"}"# + "\n" + #"{"event":"to"#, to: path)
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append("next")
        log.close()
        let (records, skipped) = try SessionLogReader.contents(of: path)
        #expect(records.map(\.event) == ["whole", "next"])
        #expect(skipped.map(\.line) == [2])
    }
}
