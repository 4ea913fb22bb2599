import JSON
import TestSupport
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("events stats")
struct EventsStatsTests {
    private func stats(_ arguments: [String], home: String) async throws -> HostProcess {
        try await HostProcess.run(["events", "stats"] + arguments, home: home)
    }

    @Test("what a session took is told in lines and tables")
    func table() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--simulator", "What is 2+2?"], home: home)
            #expect(run.code == 0)
            let stats = try await stats([], home: home)
            let lines = stats.output.split(separator: "\n").map(String.init)
            #expect(stats.code == 0 && stats.errors.isEmpty)
            #expect(lines.first?.hasPrefix("Sessions  1 session, 1 prompt, ") == true)
            #expect(lines.contains("Calls     1: 1 ok"))
            #expect(lines.contains("Cost      unknown"))
            #expect(lines.contains("Finished  stop 1"))
            #expect(lines.contains { $0.hasPrefix("TIME ") })
            #expect(lines.contains { $0.hasPrefix("to first token ") } && lines.contains { $0.hasPrefix("whole call ") })
        }
    }

    @Test("--json is one object; --by tells groups apart; several sessions add up")
    func json() async throws {
        try await withTemporaryDirectory { home in
            for model in ["a", "b"] {
                let run = try await HostProcess.run(["run", "--simulator", "--model", "tiny-chat", "What is 2+2? \(model)"], home: home)
                #expect(run.code == 0)
            }
            let stats = try await stats(["--all", "--json", "--by", "session"], home: home).json()
            #expect(stats["sessions"] == 2 && stats["logs"] == 2 && stats["prompts"] == 2 && stats["calls"]?["ok"] == 2)
            #expect(stats["groups"]?.array?.count == 2 && stats["skipped_lines"] == 0)
            #expect(stats["calls"]?["duration_ms"]?["count"] == 2)
            #expect(try #require(stats["bytes"]?.int) > 2000)
            let none = try await self.stats(["--all", "--json", "--model", "llama"], home: home).json()
            #expect(none["calls"]?["count"] == 0 && none["sessions"] == 2)
        }
    }

    @Test("garbage in a log is counted, and one that is not there is told")
    func garbage() async throws {
        try await withTemporaryDirectory { home in
            try writeFile("\(home)/log.jsonl", "garbage\n{\"event\":\"llm:response\",\"status\":\"ok\"}\n{\"ev".utf8)
            let stats = try await stats(["\(home)/log.jsonl"], home: home)
            #expect(stats.code == 0 && stats.output.contains("1 record in 1 log, 51 B, 2 lines that held none"))
            let missing = try await self.stats(["\(home)/none.jsonl"], home: home)
            #expect(missing.code == 66 && missing.errors.contains("none.jsonl: No such file or directory"))
            let both = try await self.stats(["--all", "x"], home: home)
            #expect(both.code == 64)
        }
    }

    @Test(
        "of many logs one that cannot be read is told and counted, and the others are; of those that were named, it is an error",
        .enabled(if: access("/proc/self/mem", R_OK) == 0, "needs a file that can be opened and not read"))
    func unreadable() async throws {
        try await withTemporaryDirectory { home in
            try EventLogs.write(home: home)
            let other = try EventLogs.write(id: "broken", home: home)
            unlink(other)
            symlink("/proc/self/mem", other)
            let all = ["--all", "--session-root", "\(home)/root"]
            let table = try await stats(all, home: home)
            #expect(table.code == 2 && table.output.contains("Calls     2: 1 ok, 1 error"))
            #expect(table.output.contains("1 log could not be read"))
            #expect(table.errors.hasPrefix("vllm-host: cannot read the event log \(other): "), "\(table.errors)")
            let json = try await stats(all + ["--json"], home: home)
            let object = try json.json()
            #expect(json.code == 2 && object["unreadable_logs"] == 1 && object["calls"]?["ok"] == 1)
            let export = try await HostProcess.run(["events", "export", "-f", "csv"] + all, home: home)
            #expect(export.code == 2 && export.output.split(separator: "\r\n").count == 3 && export.errors.contains(other))
            let named = try await stats([other], home: home)
            #expect(named.code == 1 && named.output.isEmpty)
        }
    }

    @Test("a day is that of this place, however far from Greenwich", arguments: ["NZDT-13", "LINT-14", "IDLW12"])
    func day(zone: String) async throws {
        try await withTemporaryDirectory { home in
            let path = try EventLogs.write(home: home)
            let count = { (day: String) in
                let run = try await HostProcess.run(
                    ["events", "stats", path, "--json", "--since", day], environment: ["TZ": zone], home: home)
                return try run.json()["calls"]?["count"]?.int
            }
            // 19:29 on the 21st in UTC is the 22nd, or the 21st.
            let today = zone.contains("-") ? 22 : 21
            #expect(try await count("2026-01-\(today)") == 2)
            #expect(try await count("2026-01-\(today + 1)") == 0)
        }
    }

    @Test("names of folders do not control the terminal that a message is for")
    func hostileNames() async throws {
        try await withTemporaryDirectory { home in
            for number in 1...2 { try EventLogs.write(id: "ab\u{1B}]0;evil\u{7}\(number)", home: home) }
            let stats = try await stats(["ab", "--session-root", "\(home)/root"], home: home)
            #expect(stats.code == 65 && stats.errors.contains("ab\u{FFFD}]0;evil\u{FFFD}1"))
            #expect(!stats.errors.unicodeScalars.contains("\u{1B}") && !stats.errors.unicodeScalars.contains("\u{7}"))
        }
    }
}
