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
