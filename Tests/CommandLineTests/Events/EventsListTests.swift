import JSON
import TestSupport
import Testing

@Suite("events list")
struct EventsListTests {
    private func list(_ arguments: [String], home: String) async throws -> HostProcess {
        try await HostProcess.run(["events", "list"] + arguments, home: home)
    }

    @Test("the sessions of this folder are listed: when, what, how it ended")
    func table() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--simulator", "What is 2+2?"], home: home)
            #expect(run.code == 0)
            let list = try await list([], home: home)
            let lines = list.output.split(separator: "\n")
            #expect(list.code == 0 && lines.count == 2)
            #expect(lines.first?.split(separator: " ") == ["WRITTEN", "SESSION", "STATUS", "MODEL", "SIZE", "PROMPT"])
            #expect(lines.last?.contains("  ok      tiny-chat  ") == true)
            #expect(lines.last?.hasSuffix("  What is 2+2?") == true)
            let json = try await self.list(["--json", "--all", "--since", "1h", "--model", "TINY"], home: home)
            let session = try #require(json.json().array?.first)
            #expect(session["path"]?.string == run.logPath)
            #expect(session["status"] == "ok" && session["prompt_count"] == 1 && session["name"] == "What is 2+2?")
            let failed = try await self.list(["--errors", "--json"], home: home)
            #expect(failed.output == "[]\n")
        }
    }

    @Test("without sessions the list is empty, and a person is told so on standard error")
    func empty() async throws {
        try await withTemporaryDirectory { home in
            let list = try await list([], home: home)
            #expect(list.code == 0 && list.output.isEmpty && list.errors.hasPrefix("no such session in project -"))
            let json = try await self.list(["--json"], home: home)
            #expect(json.output == "[]\n" && json.errors.isEmpty)
        }
    }

    @Test("what the list shows of an id names its session, whatever other sessions there are")
    func shortIDs() async throws {
        try await withTemporaryDirectory { home in
            let parent = "0123456789abcdef"
            // The sessions that it began are not listed: they have not failed.
            for child in ["-1_agent", "-2_agent"] {
                try EventLogs.write(#"{"event": "session:end", "status": "success", "data": {}}"# + "\n", id: parent + child, home: home)
            }
            try EventLogs.write(id: parent, home: home)
            try EventLogs.write(id: "fedcba9876543210", home: home)
            let root = ["--session-root", "\(home)/root"]
            let list = try await list(["--all", "--errors"] + root, home: home)
            let ids = list.output.split(separator: "\n").dropFirst().map { $0.split(separator: " ")[2] }.sorted()
            // Each is as short as it may be.
            #expect(ids == [parent[...], "fedcba98"])
            for id in ids {
                let show = try await HostProcess.run(["events", "show", String(id)] + root, home: home)
                #expect(show.code == 0, "\(show.errors)")
            }
        }
    }

    @Test("a time that is none is a usage error that says what one looks like", arguments: ["soon", "5", "-3d", "99999999999999999999w"])
    func badTime(time: String) async throws {
        try await withTemporaryDirectory { home in
            let list = try await list(["--since=\(time)"], home: home)
            #expect(list.code == 64 && list.errors.contains("`--since` must be RFC 3339, a day (2026-11-21)"))
        }
    }
}
