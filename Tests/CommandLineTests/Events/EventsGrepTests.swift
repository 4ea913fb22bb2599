import Foundation
import JSON
import TestSupport
import Testing

@Suite("events grep")
struct EventsGrepTests {
    private func grep(_ arguments: [String], home: String) async throws -> HostProcess {
        let older = try EventLogs.write(home: home)
        // Both may be written within one tick of the file system's clock.
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: older)
        try EventLogs.write(
            #"{"ts":"2026-01-22T00:00:00Z","event":"x","session_id":"other","data":{"text":"Sunshine and rain"}}"#, id: "other", home: home)
        return try await HostProcess.run(
            ["events", "grep", "--session-root", home + "/root"] + arguments, environment: ["TZ": "UTC"], home: home)
    }

    @Test("matches are one line each: session, time, event, and the match with what stands around it")
    func lines() async throws {
        try await withTemporaryDirectory { home in
            let run = try await grep(["--project=-p", "ra[ij]n"], home: home)
            #expect(run.code == 0)
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first?.hasPrefix("abc_d  2026-01-21 19:29:09.500  tool:post  ") == true)
            #expect(lines.allSatisfy { $0.contains("rain") })
        }
    }

    @Test("nothing found is exit code 1, and says nothing")
    func none() async throws {
        try await withTemporaryDirectory { home in
            let run = try await grep(["--all", "-F", "ra[ij]n"], home: home)
            #expect(run.code == 1 && run.output.isEmpty && run.errors.isEmpty)
        }
    }

    @Test("counts, paths and JSON", arguments: [true, false])
    func outputs(isJSON: Bool) async throws {
        try await withTemporaryDirectory { home in
            let json = isJSON ? ["--json"] : []
            let counts = try await grep(["--all", "-c", "-i", "RAIN"] + json, home: home)
            let paths = try await grep(["--all", "-l", "rain"] + json, home: home)
            let (first, second) = ("\(home)/root/-p/sessions/abc_d/events.jsonl", "\(home)/root/-p/sessions/other/events.jsonl")
            if isJSON {
                #expect(counts.output.contains(#"{"session_id":"other","path":"\#(second)","count":1}"#))
                #expect(paths.output.contains(#"{"session_id":"abc_d","path":"\#(first)"}"#))
                let records = try await grep(["--all", "-F", "Sunshine", "--json"], home: home)
                #expect(try records.json()["data"]?["text"] == "Sunshine and rain")
            } else {
                #expect(counts.output == "\(first): 1\n\(second): 1\n")
                #expect(paths.output == "\(first)\n\(second)\n")
                let one = try await grep(["-c", "rain", first], home: home)
                #expect(one.output == "1\n")
            }
        }
    }

    @Test("a text is found as it was before JSON's escapes, and other conditions count as well")
    func conditions() async throws {
        try await withTemporaryDirectory { home in
            let text = try await grep(["--all", "-c", "--json", "-F", "In \"Paris\"", "-e", "prompt:*"], home: home)
            #expect(try text.json()["count"] == 1)
            let none = try await grep(["--all", "-F", "In \"Paris\"", "-e", "tool:*"], home: home)
            #expect(none.code == 1)
        }
    }

    @Test("a pattern that is none, and nothing to look for, are usage errors", arguments: ["a(", "", "\\1"])
    func usage(pattern: String) async throws {
        try await withTemporaryDirectory { home in
            let run = try await grep([pattern], home: home)
            #expect(run.code == 64)
        }
    }
}
