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
        @Test("a full disk is reported once, and every record that it costs is counted")
        func diskFull() throws {
            let log = try SessionLogWriter(path: "/dev/full", sessionID: "s")
            let modeBefore = mode(of: "/dev/full")
            let first = try #require(log.append("a"))
            #expect(first.description == "cannot write to the event log /dev/full: No space left on device")
            #expect(first.code == ENOSPC)
            #expect(log.append("b") == nil)
            #expect(log.append(batch: [SessionEvent("c"), SessionEvent("d")]) == nil)
            #expect(log.lostRecords == 4)
            #expect(log.failure == first)
            #expect(mode(of: "/dev/full") == modeBefore)
        }

        @Test("a pipe that nobody reads loses records instead of halting the session")
        func fullPipe() throws {
            let path = folder.file("pipe")
            #expect(mkfifo(path, 0o600) == 0)
            let log = try SessionLogWriter(path: path, sessionID: "s")
            let big = String(repeating: "x", count: 10_000)
            for _ in 0..<20 { log.append("e", ["text": .string(big)]) }
            #expect(log.lostRecords > 0 && log.lostRecords < 20)
            #expect(log.failure?.code == EAGAIN)
        }

        @Test("after a record that was cut off, the next one starts on a line of its own")
        func recovers() throws {
            let path = folder.file("pipe")
            #expect(mkfifo(path, 0o600) == 0)
            let reader = open(path, O_RDONLY | O_NONBLOCK)
            defer { close(reader) }
            let log = try SessionLogWriter(path: path, sessionID: "s")
            let big = String(repeating: "x", count: 10_000)
            while log.lostRecords == 0 { log.append("e", ["text": .string(big)]) }
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            let cut = read(reader, &bytes, bytes.count)
            #expect(bytes[cut - 1] != UInt8(ascii: "\n"))
            log.append("after")
            let count = read(reader, &bytes, bytes.count)
            let rest = String(decoding: bytes[..<count], as: UTF8.self)
            #expect(rest.hasPrefix("\n{") && rest.hasSuffix("}\n") && rest.contains(#""event":"after""#))
            #expect(log.lostRecords == 1)
        }
    #endif

    @Test("records after close are lost and counted, and the file keeps what it had")
    func closed() throws {
        let path = folder.file("events.jsonl")
        let log = try SessionLogWriter(path: path, sessionID: "s")
        log.append("a")
        log.close()
        log.close()
        #expect(log.append("b")?.description == "cannot write to the event log \(path): the log is closed")
        #expect(log.append("c") == nil)
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
