import Foundation
import JSON
import SessionLog
import TestSupport
import Testing

@Suite("events prune")
struct EventsPruneTests {
    /// Sessions `0` … of a project, the first the oldest: a day between one and the next, each with a log of about 1 KiB.
    private func withSessions(_ count: Int, _ body: (String, String) async throws -> Void) async throws {
        try await withTemporaryDirectory { home in
            let sessions = home + "/logs/-p/sessions"
            for index in 0..<count {
                let folder = "\(sessions)/\(index)"
                let log = try SessionLogWriter(path: folder + "/events.jsonl", sessionID: "\(index)")
                log.append("session:start", ["text": .string(String(repeating: "x", count: 1024))])
                log.close()
                try writeFile(folder + "/metadata.json", "{}".utf8)
                let date = Date(timeIntervalSinceNow: Double(index - count) * 86_400)
                try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder + "/events.jsonl")
            }
            try await body(home, sessions)
        }
    }

    private func prune(_ arguments: [String], home: String) async throws -> HostProcess {
        try await HostProcess.run(["events", "prune", "--session-root", home + "/logs", "--project=-p"] + arguments, home: home)
    }

    private func left(_ sessions: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: sessions).sorted() }

    @Test(
        "what is beyond a limit goes, the oldest first",
        arguments: [
            (["--older-than", "36h"], ["3"]), (["--keep", "1"], ["3"]), (["--keep", "3", "--older-than", "60h"], ["2", "3"]),
            (["--max-size", "3KiB"], ["2", "3"]), (["--max-size", "1GiB"], ["0", "1", "2", "3"]), (["--keep", "0"], []),
        ])
    func limits(arguments: [String], left: [String]) async throws {
        try await withSessions(4) { home, sessions in
            let trial = try await prune(arguments + ["--dry-run", "--json"], home: home)
            #expect(try trial.json()["removed"]?.array?.count == 4 - left.count)
            #expect(try self.left(sessions).count == 4)
            let run = try await prune(arguments + ["--yes", "--json"], home: home)
            #expect(run.code == 0)
            #expect(try self.left(sessions) == left)
            #expect(try run.json()["removed"] == trial.json()["removed"])
        }
    }

    @Test("without a terminal nothing is removed unasked, and without a limit nothing at all")
    func unasked() async throws {
        try await withSessions(1) { home, sessions in
            let unasked = try await prune(["--keep", "0"], home: home)
            #expect(unasked.code == 64 && unasked.errors.contains("give --yes to remove sessions"))
            let unlimited = try await prune(["--yes"], home: home)
            #expect(unlimited.code == 64 && unlimited.errors.contains("give --older-than, --keep or --max-size"))
            let wrong = try await prune(["--yes", "--max-size", "much"], home: home)
            #expect(wrong.code == 64 && wrong.errors.contains("such as 5GiB, not `much`"))
            #expect(try left(sessions) == ["0"])
        }
    }

    @Test("a session that is being written stays, and so does a folder with other files or with links in it")
    func staying() async throws {
        try await withSessions(4) { home, sessions in
            let log = try SessionLogWriter(path: sessions + "/0/events.jsonl", sessionID: "0")
            try writeFile(sessions + "/1/notes.txt", "mine".utf8)
            try writeFile(home + "/elsewhere", "mine".utf8)
            try FileManager.default.createSymbolicLink(
                atPath: sessions + "/2/metadata.json.backup", withDestinationPath: home + "/elsewhere")
            let run = try await prune(["--keep", "0", "--yes"], home: home)
            #expect(run.code == 0)
            #expect(run.errors.contains("0 stays: it is being written"))
            #expect(run.errors.contains("1 stays: notes.txt is in it, which is no file of a session"))
            #expect(run.errors.contains("2 stays: metadata.json.backup is in it, which is no file of a session"))
            #expect(try left(sessions) == ["0", "1", "2"])
            log.close()
            _ = try await prune(["--keep", "0", "--yes"], home: home)
            #expect(try left(sessions) == ["1", "2"])
        }
    }

    @Test("a link in the place of a session's or a project's folder leads nowhere")
    func links() async throws {
        try await withSessions(1) { home, sessions in
            try FileManager.default.moveItem(atPath: sessions + "/0", toPath: home + "/session")
            try FileManager.default.createSymbolicLink(atPath: sessions + "/0", withDestinationPath: home + "/session")
            let run = try await prune(["--keep", "0", "--yes", "--json"], home: home)
            #expect(try run.json()["kept"]?.array?.count == 1)
            try FileManager.default.moveItem(atPath: home + "/logs/-p", toPath: home + "/project")
            try FileManager.default.createSymbolicLink(atPath: home + "/logs/-p", withDestinationPath: home + "/project")
            #expect(try await prune(["--keep", "0", "--yes"], home: home).errors.contains("or a symbolic link"))
            #expect(FileManager.default.fileExists(atPath: home + "/session/events.jsonl"))
        }
    }

    @Test("a conversation whose log is gone, as a removal that failed leaves it, goes like a session; other folders without a log do not")
    func rests() async throws {
        try await withTemporaryDirectory { home in
            let files = [
                "whole": ["transcript.jsonl", "metadata.json"], "lock": ["events.lock"], "fresh": ["transcript.jsonl"],
                "other": ["notes.txt", "metadata.json"], "settings": ["settings.yaml"], "empty": [],
            ]
            let sessions = home + "/logs/-p/sessions"
            for (folder, names) in files {
                try FileManager.default.createDirectory(atPath: "\(sessions)/\(folder)", withIntermediateDirectories: true)
                for name in names {
                    try writeFile("\(sessions)/\(folder)/\(name)", "{}".utf8)
                    let date = Date(timeIntervalSinceNow: folder == "fresh" ? 0 : -3600)
                    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(sessions)/\(folder)/\(name)")
                }
            }
            let run = try await prune(["--keep", "0", "--yes", "--json"], home: home)
            #expect(run.code == 0)
            #expect(try run.json()["removed"]?.array?.count == 2)
            #expect(try left(sessions) == ["empty", "fresh", "other", "settings"])
        }
    }

    @Test("a log that another program may be writing stays, for as long as it is written to")
    func otherPrograms() async throws {
        try await withTemporaryDirectory { home in
            let folder = home + "/logs/-p/sessions/a"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try writeFile(folder + "/events.jsonl", "{}\n".utf8)
            #expect(try await prune(["--keep", "0", "--yes"], home: home).errors.contains("a stays: it may be being written"))
            let date = Date(timeIntervalSinceNow: -3600)
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: folder + "/events.jsonl")
            #expect(try await prune(["--keep", "0", "--yes"], home: home).code == 0)
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
    }
}
