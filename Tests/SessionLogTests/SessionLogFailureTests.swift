import JSON
import SessionLog
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("A log that cannot be written", .temporaryFolder)
struct SessionLogFailureTests {
    private let folder = TemporaryFolder()

    #if os(Linux)
        @Test("a full disk holds nobody up, and every record that it costs is counted in the end")
        func diskFull() throws {
            let log = try SessionLogWriter(path: "/dev/full", sessionID: "s")
            let modeBefore = mode(of: "/dev/full")
            log.append("a")
            log.append(batch: [SessionEvent("b"), SessionEvent("c")])
            #expect(!log.flush(within: .milliseconds(20)))
            #expect(log.lostRecords == 0)
            log.append("d")
            log.close()
            #expect(log.failure?.description == "cannot write to the event log /dev/full: No space left on device")
            #expect(log.failure?.code == ENOSPC)
            #expect(log.lostRecords == 4)
            #expect(mode(of: "/dev/full") == modeBefore)
        }

        @Test("a pipe that nobody reads holds nobody up, not even at the end")
        func fullPipe() throws {
            let path = folder.file("pipe")
            #expect(mkfifo(path, 0o600) == 0)
            let log = try SessionLogWriter(path: path, sessionID: "s")
            let big = String(repeating: "x", count: 10_000)
            for _ in 0..<20 { log.append("e", ["text": .string(big)]) }
            log.close(within: .milliseconds(300))
            #expect(log.lostRecords > 0 && log.lostRecords < 20)
            #expect(log.failure?.code == EAGAIN)
        }

        @Test("what does not fit into a pipe waits for its reader, on a line of its own where one was cut off")
        func recovers() async throws {
            let path = folder.file("pipe")
            #expect(mkfifo(path, 0o600) == 0)
            let reader = open(path, O_RDONLY | O_NONBLOCK)
            defer { close(reader) }
            let log = try SessionLogWriter(path: path, sessionID: "s")
            let big = String(repeating: "x", count: 10_000)
            for turn in 0..<20 { log.append("e", ["turn": .integer(turn), "text": .string(big)]) }
            var text = ""
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            while !text.contains(#""turn":19,"#) || !text.hasSuffix("}\n") {
                var poller = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
                poll(&poller, 1, 1000)
                let count = read(reader, &bytes, bytes.count)
                if count > 0 { text += String(decoding: bytes[..<count], as: UTF8.self) }
            }
            log.close()
            let lines = text.split(separator: "\n").filter { $0.hasPrefix("{\"ts\"") && $0.hasSuffix("}}") }
            let turns = try lines.map { try JSONValue(parsing: String($0))["data"]?["turn"]?.int }
            #expect(turns == Array(0..<20))
            #expect(log.lostRecords == 0)
        }

        @Test("a disk that is full for a while leaves no torn lines, and costs what the queue had no room for")
        func fullForAWhile() async throws {
            let path = folder.file("events.jsonl")
            await #expect(processExitsWith: .success) { [path = path as String] in
                signal(SIGXFSZ, SIG_IGN)
                func allow(_ bytes: Int) {
                    var limit = rlimit()
                    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                    limit.rlim_cur = rlim_t(bytes)
                    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
                }
                allow(5_000)
                let log = try SessionLogWriter(path: path, sessionID: "s", options: SessionLogOptions(queueSize: 40_000))
                for turn in 0..<40 { log.append("e", ["turn": .integer(turn), "text": "some words to fill the line with"]) }
                while log.failure == nil { log.flush(within: .milliseconds(10)) }
                for turn in 40..<400 { log.append("e", ["turn": .integer(turn)]) }
                log.append("minor:debug")
                allow(1 << 30)
                log.close()
                #expect(log.lostRecords > 0)
                #expect(log.failure?.code == EFBIG)
            }
            let (records, skipped) = try SessionLogReader.contents(of: path)
            #expect(skipped.isEmpty)
            let dropped = try #require(records.last)
            #expect(dropped.event == "log:dropped" && dropped.level == .warning)
            #expect(dropped.data["reason"] == "File too large")
            #expect(records.count - 1 + (dropped.data["count"]?.int ?? 0) == 401)
            // What has waited is in order.
            let turns = records.compactMap { $0.data["turn"]?.int }
            #expect(turns.starts(with: 0..<40) && turns == turns.sorted())
        }
    #endif

    @Test("records after close are lost and counted, and the file keeps what it had")
    func closed() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append("a")
        log.close()
        log.close()
        log.append("b")
        log.append("c")
        #expect(log.failure?.description == "cannot write to the event log \(path): the log is closed")
        #expect(log.lostRecords == 2)
        #expect(try fileText(path).split(separator: "\n").count == 1)
    }

    @Test("a place that cannot be made says which folder and why")
    func noFolder() {
        append("a file\n", to: folder.file("file"))
        let error = #expect(throws: SessionLogError.self) {
            try SessionLogWriter(path: folder.file("file/sessions/s/events.jsonl"), sessionID: "s")
        }
        #expect(error?.description == "cannot create the folder \(folder.file("file/sessions/s")): Not a directory")
    }

    @Test("a folder in the place of the log, and a folder without permission, are named")
    func noFile() {
        let error = #expect(throws: SessionLogError.self) { try SessionLogWriter(path: folder.path, sessionID: "s") }
        #expect(error?.description == "cannot open the event log \(folder.path): Is a directory")
        #expect(error?.code == EISDIR)
        // Root may write everywhere, so for root there is nothing to see here.
        let locked = folder.file("locked")
        mkdir(locked, 0o500)
        guard getuid() != 0 else { return }
        let denied = #expect(throws: SessionLogError.self) { try SessionLogWriter(path: "\(locked)/s/events.jsonl", sessionID: "s") }
        #expect(denied?.description == "cannot create the folder \(locked)/s: Permission denied")
    }

    @Test("a session without a name is refused")
    func noSession() {
        #expect(throws: SessionLogError.self) { try SessionLogWriter(path: folder.file("events.jsonl"), sessionID: "") }
        #expect(access(folder.file("events.jsonl"), F_OK) != 0)
    }
}
