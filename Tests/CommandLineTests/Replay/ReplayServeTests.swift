import JSON
import TestSupport
import Testing

@Suite("replay serve", .timeLimit(.minutes(2)))
struct ReplayServeTests {
    @Test("a session's server is stood in for: the same question gets the same answer, another one an error that says what is nearest")
    func session() async throws {
        try await withTemporaryDirectory { home in
            let recorded = try await HostProcess.run(
                ["run", "--simulator", "--json", "--set", "debug=true", "--set", "raw_debug=true", "What is 2+2?"], home: home)
            #expect(recorded.code == 0)
            let log = try #require(recorded.logPath)
            // A FIFO gives the address as soon as it is printed.
            let ask = { (question: String) in
                "'\(HostProcess.binary)' run --base-url \"$url\" --json --session-root '\(home)/again' '\(question)'"
            }
            let run = try await HostProcess.shell(
                """
                mkfifo address
                '\(HostProcess.binary)' replay serve '\(log)' --json --no-wait > address 2> missed & server=$!
                read -r line < address
                url=$(sed 's/.*"base_url":"\\([^"]*\\)".*/\\1/' <<< "$line")
                \(ask("What is 2+2?")) > same; \(ask("What is 2+3?")) > other; code=$?
                kill -INT $server; wait $server; echo "$?" > ended
                exit $code
                """, home: home)
            #expect(run.code != 0)
            let same = try JSONValue(parsing: try fileText(home + "/same"))
            let first = try recorded.json()
            #expect(same["text"] == first["text"] && same["usage"] == first["usage"] && same["text"]?.string?.isEmpty == false)
            #expect(try fileText(home + "/other").contains("is not in the log"))
            #expect(try fileText(home + "/missed").contains("The nearest of"))
            #expect(try fileText(home + "/ended") == "130\n")
        }
    }

    @Test("--once ends when each recorded answer was given")
    func once() async throws {
        try await withTemporaryDirectory { home in
            let recorded = try await HostProcess.run(
                ["run", "--simulator", "--set", "debug=true", "--set", "raw_debug=true", "What is 2+2?"], home: home)
            let log = try #require(recorded.logPath)
            let run = try await HostProcess.shell(
                """
                mkfifo address
                '\(HostProcess.binary)' replay serve '\(log)' --once > address & server=$!
                read -r line < address
                '\(HostProcess.binary)' run --base-url "${line##* }" --quiet 'What is 2+2?' && wait $server
                """, home: home)
            #expect(run.code == 0 && run.output == recorded.output)
        }
    }

    @Test("a log without exchanges is said to have none, and how to record them")
    func noExchanges() async throws {
        try await withTemporaryDirectory { home in
            let recorded = try await HostProcess.run(["run", "--simulator", "What is 2+2?"], home: home)
            let run = try await HostProcess.run(["replay", "serve", try #require(recorded.logPath)], home: home)
            #expect(run.code == 65)
            #expect(run.errors.contains("has no exchanges with a server: record them with --set debug=true --set raw_debug=true"))
        }
    }
}
