import SessionLog
import TestSupport
import Testing

@testable import vllm_host

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Naming a session")
struct SessionArgumentTests {
    /// Sessions `aa1`, `aa2` and `b` of the project `-p`, and `aa3`, `c` of another one, each written after the one before.
    private func withSessions(_ body: (SessionArgument, String) throws -> Void) throws {
        try withTemporaryDirectory { root in
            let ids = [("-p", "aa1"), ("-p", "aa2"), ("-p", "b"), ("-q", "aa3"), ("-q", "c")]
            for (index, (project, id)) in ids.enumerated() {
                let log = try SessionLogWriter(path: "\(root)/\(project)/sessions/\(id)/events.jsonl", sessionID: id)
                log.append("session:start")
                log.close()
                let times = [timespec(tv_sec: 1000 + index, tv_nsec: 0), timespec(tv_sec: 1000 + index, tv_nsec: 0)]
                utimensat(AT_FDCWD, log.path, times, 0)
            }
            try body(SessionArgument(store: SessionStore(paths: SessionPaths(root: root)), project: "-p"), root)
        }
    }

    private func expect(_ argument: SessionArgument, _ text: String?, finds path: String) throws {
        let found = try argument.logPath(text)
        #expect(found == path, "\(text ?? "nil")")
    }

    private func error(_ argument: SessionArgument, _ text: String) -> InputError? {
        do {
            _ = try argument.logPath(text)
            return nil
        } catch {
            return error
        }
    }

    @Test("the last session is this project's; an id or the beginning of one is looked for here first, then everywhere")
    func found() throws {
        try withSessions { argument, root in
            for text in [nil, "last", "b", "\(root)/-p/sessions/b", "\(root)/-p/sessions/b/", "\(root)/-p/sessions/b/events.jsonl"] {
                try expect(argument, text, finds: root + "/-p/sessions/b/events.jsonl")
            }
            try expect(argument, "aa2", finds: root + "/-p/sessions/aa2/events.jsonl")
            try expect(argument, "aa3", finds: root + "/-q/sessions/aa3/events.jsonl")
            try expect(argument, "c", finds: root + "/-q/sessions/c/events.jsonl")
            let elsewhere = SessionArgument(store: SessionStore(paths: SessionPaths(root: root)), project: "-other")
            try expect(elsewhere, nil, finds: root + "/-q/sessions/c/events.jsonl")
        }
    }

    @Test("without a name a session of this project alone goes on: no other one's conversation is sent to this one's server")
    func resumable() throws {
        try withSessions { argument, root in
            let (last, named) = (try argument.resumablePath("last"), try argument.resumablePath("aa3"))
            #expect(last == root + "/-p/sessions/b/events.jsonl")
            #expect(named == root + "/-q/sessions/aa3/events.jsonl")
            let elsewhere = SessionArgument(store: SessionStore(paths: SessionPaths(root: root)), project: "-other")
            var error: InputError?
            do throws(InputError) { _ = try elsewhere.resumablePath("last") } catch let thrown { error = thrown }
            #expect(error?.message.contains("no session of this folder's project yet") == true)
            #expect(error?.message.contains("--resume=c") == true && error?.isMissingFile == true)
        }
    }

    @Test(
        "a word of a prompt means a session where it is `last`, a log, or begins an id with four letters or more",
        arguments: [
            ("last", true), ("abcd", true), ("abcdef", true), ("ROOT/-p/sessions/abcdef", true),
            ("ROOT/-p/sessions/abcdef/events.jsonl", true),
            ("abc", false), ("abcdefg", false), ("lasting", false), ("What", false), ("no.jsonl", false), ("and/or", false),
            ("ROOT/file", false),
        ])
    func words(word: String, isSession: Bool) throws {
        try withTemporaryDirectory { root in
            try SessionLogWriter(path: "\(root)/-p/sessions/abcdef/events.jsonl", sessionID: "abcdef").close()
            try writeFile(root + "/file", "{}".utf8)
            let argument = SessionArgument(store: SessionStore(paths: SessionPaths(root: root)), project: "-q")
            #expect(argument.isSession(word.replacing("ROOT", with: root)) == isSession)
        }
    }

    @Test("a beginning that several ids have lists them; what is not there says where it was looked for")
    func notFound() throws {
        try withSessions { argument, root in
            let several = try #require(error(argument, "aa"))
            #expect(several.description.contains("\"aa\" begins the ids of 2 sessions"))
            #expect(several.description.contains("aa1") && several.description.contains("aa2") && !several.isMissingFile)
            let none = try #require(error(argument, "zz"))
            #expect(none.description == "no session \"zz\": none of the 5 sessions below \(root) has an id that begins so")
            #expect(none.isMissingFile)
            #expect(error(argument, "\(root)/no.jsonl")?.description.contains("No such file or directory") == true)
            #expect(error(argument, "\(root)/-p")?.description.contains("is no session's folder") == true)
            let empty = SessionArgument(store: SessionStore(paths: SessionPaths(root: root + "/none")), project: "-p")
            #expect(error(empty, "last")?.description == "there is no session yet below \(root)/none")
        }
    }
}
