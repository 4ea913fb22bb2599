import JSON
import TestSupport
import Testing

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
}
