import Foundation
import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("vllm-host --resume")
struct ResumeTests {
    private let server: [String]
    private let simulator: VLLMSimulator

    init() throws {
        simulator = try VLLMSimulator()
        server = ["--base-url", simulator.baseURL, "--endpoint", "chat", "-t", "0"]
    }

    private func messages() -> [JSONValue] {
        simulator.requests.last { $0.path == "/v1/chat/completions" }?.json?["messages"]?.array ?? []
    }

    @Test("a session goes on in its own log: the last one, or the one whose id begins so; chat, too, and what --dry-run would send")
    func resumed() async throws {
        try await withTemporaryDirectory { home in
            func run(_ arguments: [String], input: String = "") async throws -> HostProcess {
                let run = try await HostProcess.run([arguments[0]] + server + arguments.dropFirst(), input: input, home: home)
                #expect(run.code == 0, "\(run.errors)")
                return run
            }
            let first = try await run(["run", "--json", "-s", "Be brief.", "My name is Sam."]).json()
            let id = try #require(first["session_id"]?.string)
            let second = try await run(["run", "--json", "--resume", "What is my name?"]).json()
            #expect(second["session_id"]?.string == id)
            #expect(second["events"] == first["events"])
            #expect(messages().map { $0["role"]?.string } == ["system", "user", "assistant", "user"])
            #expect(messages().last?["content"] == "What is my name?")

            let other = try await run(["run", "--json", "Hello!"]).json()
            #expect(other["session_id"]?.string != id)
            let chat = try await run(["chat", "--resume=\(id.prefix(8))"], input: "Thanks.\n")
            #expect(chat.logPath == first["events"]?.string)
            #expect(chat.errors.contains("goes on behind 4 messages"))
            #expect(messages().count == 6)
            let log = try fileText(try #require(chat.logPath))
            #expect(log.split(separator: "\n").filter { $0.contains(#""event":"session:resume""#) }.count == 2)

            let planned = try await run(["run", "--resume=\(id)", "--dry-run", "One more."])
            #expect(planned.output.contains("My name is Sam."))
        }
    }

    @Test("a session behind --resume without `=` is no prompt: nothing is asked or written, and it is said how to write it")
    func forgottenEquals() async throws {
        try await withTemporaryDirectory { home in
            let first = try await HostProcess.run(["run", "--json"] + server + ["Hello!"], home: home)
            let id = try #require(try first.json()["session_id"]?.string)
            let log = try fileText(try #require(first.logPath))
            let asked = simulator.requests.count
            for word in [String(id.prefix(8)), "last"] {
                for arguments in [
                    ["run", "--resume", word, "What?"], ["chat", "--resume", word], ["run", "--dry-run", "--resume", word],
                ] {
                    let run = try await HostProcess.run(arguments + server, home: home)
                    #expect(run.code == 64)
                    #expect(run.errors.contains("`--resume=\(word)`"))
                }
            }
            #expect(simulator.requests.count == asked)
            #expect(try fileText(try #require(first.logPath)) == log)
            let meant = try await HostProcess.run(["run"] + server + ["--resume", "--", "last"], home: home)
            #expect(meant.code == 0)
            #expect(meant.errors.contains("session \(id) goes on behind 2 messages"))
            #expect(messages().last?["content"] == "last")
        }
    }

    @Test("where this project has no session, none of another one goes on")
    func otherProject() async throws {
        try await withTemporaryDirectory { home in
            let first = try await HostProcess.run(["run", "--json"] + server + ["Hello!"], home: home)
            let id = try #require(try first.json()["session_id"]?.string)
            let folder = try #require(first.logPath).split(separator: "/").dropLast(3).joined(separator: "/")
            try FileManager.default.moveItem(atPath: "/" + folder, toPath: "/" + folder + "-elsewhere")
            let asked = simulator.requests.count
            let run = try await HostProcess.run(["run", "--resume"] + server + ["Hi"], home: home)
            #expect(run.code == 66)
            #expect(run.errors.contains("`--resume=\(id)` goes on with the last one of"))
            #expect(simulator.requests.count == asked)
            #expect(try await HostProcess.run(["run", "--resume=\(id)"] + server + ["Hi"], home: home).code == 0)
        }
    }

    @Test("a call of a tool that the session has not come to answer is answered for it, so that the server takes the conversation")
    func openCall() async throws {
        try await withTemporaryDirectory { home in
            let first = try await HostProcess.run(["run", "--json"] + server + ["Hello!"], home: home)
            let log = try #require(first.logPath)
            let call = #"{"type": "tool_call", "id": "c", "name": "get_weather", "input": {"city": "Paris"}}"#
            let lines = [#"{"role": "user", "content": "Weather?"}"#, #"{"role": "assistant", "content": [\#(call)]}"#, ""]
            try writeFile(log.replacing("events.jsonl", with: "transcript.jsonl"), Array(lines.joined(separator: "\n").utf8))
            let run = try await HostProcess.run(["run", "--resume"] + server + ["Go on."], home: home)
            #expect(run.code == 0, "\(run.errors)")
            #expect(messages().map { $0["role"]?.string } == ["user", "assistant", "tool", "user"])
            #expect(messages()[2]["tool_call_id"] == messages()[1]["tool_calls"]?[0]?["id"])
        }
    }

    @Test("what cannot be resumed says why, asks nobody, and ends with the code for what is wrong")
    func refused() async throws {
        try await withTemporaryDirectory { home in
            func run(_ session: String) async throws -> HostProcess {
                try await HostProcess.run(["run", "--resume=\(session)"] + server + ["Hi"], home: home)
            }
            let none = try await run("last")
            #expect(none.code == 66)
            #expect(none.errors.contains("there is no session yet"))
            let first = try await HostProcess.run(["run", "--json"] + server + ["Hello!"], home: home)
            let log = try #require(first.logPath)
            let asked = simulator.requests.count
            #expect(try await run("nonsense").code == 66)
            try writeFile(log.replacing("events.jsonl", with: "transcript.jsonl"), Array("{}\n{}\n".utf8))
            let broken = try await run(log)
            #expect(broken.code == 65)
            #expect(broken.errors.contains("transcript.jsonl, line 1: this is no message"))
            #expect(simulator.requests.count == asked)
        }
    }
}
