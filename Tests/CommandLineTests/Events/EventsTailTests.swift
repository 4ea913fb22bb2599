import Foundation
import JSON
import TestSupport
import Testing

@Suite("events tail", .timeLimit(.minutes(2)))
struct EventsTailTests {
    @Test("the last records are shown, those that are wanted")
    func last() async throws {
        try await withTemporaryDirectory { home in
            let log = try EventLogs.write(home: home)
            let run = try await HostProcess.run(["events", "tail", "-n", "2", log, "-e", "llm:*"], environment: ["TZ": "UTC"], home: home)
            #expect(run.code == 0)
            let lines = run.output.split(separator: "\n")
            #expect(
                lines == [
                    "19:29:10.000  llm:request             vllm/m  3 messages",
                    "19:29:10.500  llm:response            error  500 ms  no such model",
                ])
            let json = try await HostProcess.run(["events", "tail", "-n", "1", log, "--json"], home: home)
            #expect(try json.json()["event"] == "session:end")
        }
    }

    @Test("following shows what comes, also in the log that is begun anew, and ends with 141 when nobody reads any more")
    func follows() async throws {
        try await withTemporaryDirectory { home in
            let log = try EventLogs.write("{\"event\":\"one\"}\n", home: home)
            let aside = log.replacing("events.jsonl", with: "events.000001.jsonl")
            let script = """
                "\(HostProcess.binary)" events tail -f --json "\(log)" 2>/dev/null | {
                    read -r first; mv "\(log)" "\(aside)"; echo '{"event":"two"}' > "\(log)"; read -r second; echo "$first$second"
                }
                echo "${PIPESTATUS[0]}"
                """
            let run = try await HostProcess.shell(script, home: home)
            #expect(run.output == "{\"event\":\"one\"}{\"event\":\"two\"}\n141\n")
        }
    }

    @Test("Ctrl-C ends it with 130")
    func interrupted() async throws {
        try await withTemporaryDirectory { home in
            let log = try EventLogs.write(home: home)
            let run = try await HostProcess.run(["events", "tail", "-f", log], home: home, onOutput: { kill($0, SIGINT) })
            #expect(run.code == 130)
        }
    }

    @Test("a session that is not there yet is an error, unless one waits for it")
    func waiting() async throws {
        try await withTemporaryDirectory { home in
            let none = try await HostProcess.run(["events", "tail", "-f", home + "/events.jsonl"], home: home)
            #expect(none.code == 66)
            let script = """
                "\(HostProcess.binary)" events tail -f --wait --json ./new.jsonl 2>&1 | {
                    read -r told; echo '{"event":"one"}' > new.jsonl; read -r first; echo "$told"; echo "$first"
                }
                """
            let waited = try await HostProcess.shell(script, home: home)
            #expect(waited.output.hasPrefix("waiting for a session: cannot read the event log ./new.jsonl: No such file or directory\n"))
            #expect(waited.output.hasSuffix("\n{\"event\":\"one\"}\n"))
            let alone = try await HostProcess.run(["events", "tail", "--wait"], home: home)
            #expect(alone.code == 64 && alone.errors.contains("`--wait` goes with `--follow`"))
        }
    }
}
