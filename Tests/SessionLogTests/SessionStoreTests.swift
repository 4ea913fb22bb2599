import Foundation
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

@Suite("Finding sessions", .temporaryFolder)
struct SessionStoreTests {
    private let folder = TemporaryFolder()

    private var store: SessionStore { SessionStore(paths: SessionPaths(root: folder.path)) }

    /// Writes a session's file, and says when that was.
    private func write(_ text: String, _ project: String, _ id: String, file: String = "events.jsonl", at seconds: Int = 1000) {
        let path = "\(folder.path)/\(project)/sessions/\(id)"
        for part in ["/\(project)", "/\(project)/sessions", "/\(project)/sessions/\(id)"] { mkdir(folder.path + part, 0o700) }
        append(text, to: "\(path)/\(file)")
        let times = [timespec(tv_sec: seconds, tv_nsec: 0), timespec(tv_sec: seconds, tv_nsec: 0)]
        utimensat(AT_FDCWD, "\(path)/\(file)", times, 0)
    }

    private func line(_ event: String, _ members: String = "", data: String = "", ts: Int = 0) -> String {
        #"{"ts":"2026-11-21T00:00:0\#(ts).000+00:00","event":"\#(event)","session_id":"s"\#(members),"data":{\#(data)}}"# + "\n"
    }

    @Test("sessions are those with an event log, the last written first; strangers in the folders are passed over")
    func sessions() {
        write("", "-a", "old", at: 1000)
        write("", "-a", "new", at: 3000)
        write("", "-b", "between", at: 2000)
        write("x", "-a", "parts", file: "events.000001.jsonl.zst", at: 500)
        write("{}", "-a", "no-log", file: "metadata.json", at: 9000)
        append("x", to: folder.file("file"))
        append("x", to: folder.file("-a/sessions/file"))
        #expect(store.sessions().map(\.id) == ["new", "between", "old", "parts"])
        #expect(store.sessions(in: "-a").map(\.id) == ["new", "old", "parts"])
        #expect(store.sessions(in: "-none").isEmpty)
        #expect(store.projects() == ["-a", "-b"])
    }

    @Test("of a session's files the conversation is removed first, and the log, by which it is found again, when all else is gone")
    func removalOrder() {
        let files = ["config.md", "events.000001.jsonl.zst", "events.jsonl", "events.lock", "metadata.json", "transcript.jsonl.backup"]
        #expect(
            SessionRemoval.inOrder(files.reversed())
                == ["config.md", "metadata.json", "transcript.jsonl.backup", "events.000001.jsonl.zst", "events.jsonl", "events.lock"])
    }

    @Test("a session's size counts what was put aside, and its last write is that of any part")
    func size() {
        write("12345", "-a", "s", at: 1000)
        write("123", "-a", "s", file: "events.000001.jsonl.zst", at: 2000)
        write("1", "-a", "s", file: "metadata.json", at: 3000)
        #expect(store.sessions().map(\.bytes) == [8])
        #expect(store.sessions().map(\.modified) == [LogTimestamp(seconds: 2000)])
    }

    private func summary(_ text: String, metadata: String? = nil) throws -> SessionSummary {
        write(text, "-a", "s")
        if let metadata { write(metadata, "-a", "s", file: "metadata.json") }
        return SessionSummary(of: try #require(store.sessions().first))
    }

    @Test("the ends of a log tell when it began, who was asked what, and how it ended")
    func ends() throws {
        let found = try summary(
            line("session:start", ts: 1) + line("prompt:submit", data: #""prompt":"Hi""#)
                + line("llm:request", data: #""provider":"vllm","model":"m1""#) + "garbage\n"
                + line("prompt:submit", data: #""prompt":"Again""#)
                + line("llm:response", #","status":"ok""#, data: #""model":"m2""#) + line("session:end", #","status":"ok""#))
        #expect(found.created == LogTimestamp(seconds: 1_795_219_201))
        #expect(found.name == "Hi" && found.promptCount == 2)
        #expect(found.provider == "vllm" && found.model == "m2")
        #expect(found.status == "ok" && found.error == nil && !found.hasFailed)
    }

    @Test(
        "why a session failed is told in words, whatever shape the error has",
        arguments: [#""no key""#, #"{"type":"X","msg":"no key"}"#, #"{"message":"no key"}"#])
    func errors(error: String) throws {
        let found = try summary(line("llm:response", #","status":"error","error":\#(error)"#) + #"{"event":"torn"#)
        #expect(found.error == "no key" && found.status == nil && found.hasFailed)
    }

    @Test("metadata.json counts more than the log where it says something; a broken one counts nothing")
    func metadata() throws {
        let log = line("prompt:submit", data: #""prompt":"Hi""#)
        let told = try summary(
            log, metadata: #"{"name":"Greeting","turn_count":7,"created":"2020-01-01T00:00:00Z","working_dir":"/w","model":"m"}"#)
        #expect(told.name == "Greeting" && told.promptCount == 7 && told.workingFolder == "/w" && told.model == "m")
        #expect(told.created == LogTimestamp(seconds: 1_577_836_800))
        write("][", "-a", "s", file: "metadata.json")
        #expect(SessionSummary(of: try #require(store.sessions().first)).name == "Hi")
    }

    @Test("of a large log the ends are read: the number of its prompts is not known then")
    func large() throws {
        let filler = line("x", data: #""text":"\#(String(repeating: "y", count: 1000))""#)
        let found = try summary(
            line("prompt:submit", data: #""prompt":"Hi""#) + String(repeating: filler, count: 200)
                + line("session:end", #","status":"cancelled""#))
        #expect(found.name == "Hi" && found.status == "cancelled" && found.promptCount == nil)
    }

    @Test("a log that went on after its end is open again")
    func resumed() throws {
        let found = try summary(line("session:end", #","status":"error","error":"x""#) + line("session:resume"))
        #expect(found.status == nil)
    }

    @Test("a session of a host that says no more than that it ended failed where its last call did")
    func amplifier() throws {
        let logs = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let failed = try summary(try String(contentsOfFile: "/\(logs)/Logs/amplifier-error.jsonl", encoding: .utf8))
        #expect(failed.status == "error" && failed.hasFailed)
        #expect(failed.error?.hasPrefix("connection refused") == true)
        let answered = line("llm:response", #","status":"ok""#)
        unlink("\(folder.path)/-a/sessions/s/events.jsonl")
        let ended = try summary(line("llm:response", #","status":"error","error":"x""#) + answered + line("session:end"))
        #expect(ended.status == "ok" && !ended.hasFailed)
        let stopped = try summary(line("llm:response", #","status":"cancelled""#) + line("session:end"))
        #expect(stopped.status == "cancelled" && !stopped.hasFailed)
        let wentOn = try summary(line("llm:response", #","status":"cancelled""#) + answered + line("session:end"))
        #expect(wentOn.status == "ok")
    }

    @Test("a pipe where a session's files should be is not waited for")
    func pipes() throws {
        write("x", "-a", "s", file: "events.000001.jsonl")
        let session = "\(folder.path)/-a/sessions/s"
        for name in ["metadata.json", "events.jsonl", "events.000002.jsonl"] { mkfifo("\(session)/\(name)", 0o600) }
        let found = SessionSummary(of: try #require(store.sessions().first))
        #expect(found.name == nil && found.location.bytes == 1)
        let error = #expect(throws: SessionLogError.self) { try SessionLogReader.contents(of: session) }
        #expect(error?.description == "cannot read the event log \(session)/events.jsonl: it is no regular file")
        unlink("\(session)/events.jsonl")
        #expect(try SessionLogReader.contents(of: session).skipped.map(\.line).count == 2)
    }
}
