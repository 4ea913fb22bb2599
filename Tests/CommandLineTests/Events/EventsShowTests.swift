import JSON
import TestSupport
import Testing

@Suite("events show")
struct EventsShowTests {
    private func show(_ arguments: [String], home: String) async throws -> HostProcess {
        let log = try EventLogs.write(home: home)
        return try await HostProcess.run(["events", "show", log] + arguments, environment: ["TZ": "UTC"], home: home)
    }

    @Test("a session is told as prompts, calls below them, and what belongs to a call further in")
    func outline() async throws {
        try await withTemporaryDirectory { home in
            let run = try await show([], home: home)
            #expect(run.code == 0)
            #expect(
                run.output == """
                    19:29:07.834  session  abc_d  2026-01-21
                    19:29:07.900    prompt  Weather? In "Paris"\u{FFFD}[2J
                    19:29:08.000      call 1  vllm/m  1 message  2 tools
                    19:29:08.100        retry 1  in 500 ms:  RateLimitError  slow down
                    19:29:09.250        call 1 answered  1.25 s  first token 80.0 ms  1,200 → 3 tokens  tool_calls
                    19:29:09.300      tool weather  {"city":"Paris"}
                    19:29:09.500        weather  200 ms  gave  rain
                    19:29:10.000      call 2  vllm/m  3 messages
                    19:29:10.500        call 2 failed  500 ms  no such model
                    19:29:10.600    done  error  2.70 s
                    19:29:10.700  session ended  error  no such model

                    """)
            #expect(
                run.errors
                    == "2 lines are no records; the first of them: line 7: not JSON: expected a value, found `not` at column 1\n")
        }
    }

    @Test("contents are told in full, and what controls a terminal is not obeyed")
    func contents() async throws {
        try await withTemporaryDirectory { home in
            let run = try await show(["--content", "-e", "prompt:*"], home: home)
            #expect(
                run.output == """
                    19:29:07.900    prompt
                                      Weather?
                                      In "Paris"\u{FFFD}[2J

                    """)
        }
    }

    @Test("filters choose records, which are shown whatever they say")
    func filters() async throws {
        try await withTemporaryDirectory { home in
            let errors = try await show(["--level", "error", "--request", "r2"], home: home)
            #expect(
                errors.output == """
                    19:29:10.500        call 1 failed  500 ms  no such model
                    19:29:10.501        failed:  no such model

                    """)
            let json = try await show(["--json", "--grep", "say \"", "-e", "*"], home: home)
            #expect(json.output.isEmpty)
            let found = try await show(["--json", "--grep", "In \"Paris\""], home: home)
            #expect(try found.json()["data"]?["prompt"]?.string?.hasPrefix("Weather?") == true)
        }
    }

    @Test("raw contents are put back into the records that refer to them")
    func raw() async throws {
        try await withTemporaryDirectory { home in
            let log = try EventLogs.write(
                #"""
                {"event":"log:content","data":{"hash":"sha256:HASH","value":"hello"}}
                {"event":"llm:request:raw","data":{"data":{"path":"/v1/completions","request":{"prompt":{"$ref":"sha256:HASH"}}}}}

                """#.replacing("HASH", with: "5aa762ae383fbb727af3c7a36d4940a5b8c40a989452d2304fc958ff3f354e7a"), home: home)
            let raw = try await HostProcess.run(["events", "show", log, "--json", "--raw"], home: home)
            #expect(try raw.json()["data"]?["data"]?["request"]?["prompt"] == "hello")
            let stored = try await HostProcess.run(["events", "show", log, "--json"], home: home)
            #expect(stored.output.split(separator: "\n").count == 2)
        }
    }

    @Test(
        "wrong ways to ask are usage errors",
        arguments: [
            ["--raw"], ["--regex", "a("], ["--grep", "a", "--regex", "b"], ["--event", ""], ["--since", "x"], ["--level", "loud"],
        ])
    func usage(arguments: [String]) async throws {
        try await withTemporaryDirectory { home in
            let run = try await show(arguments, home: home)
            #expect(run.code == 64 && run.output.isEmpty, "\(run.errors)")
        }
    }

    @Test("a log that is not there ends with 66 and says what was looked for")
    func missing() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["events", "show", "xyz"], home: home)
            #expect(run.code == 66 && run.errors.contains("no session \"xyz\""))
        }
    }
}
