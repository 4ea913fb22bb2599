import Foundation
import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("vllm-host replay run and replay diff")
struct ReplayRunTests {
    @Test(
        "a session asked of the same server again is the same, over both endpoints, streamed and not; the new one is recorded as well",
        arguments: [["--endpoint", "chat"], ["--endpoint", "completions"]], [[], ["--no-stream"]])
    func same(endpoint: [String], streaming: [String]) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let log = try await record(simulator, endpoint + streaming, home: home)
            let run = try await replay([log, "--base-url", simulator.baseURL], home: home)
            #expect(run.code == 0, "\(run.errors)")
            #expect(run.output.hasSuffix("same: 2 of 2 calls the same\n"))
            #expect(run.errors == "")
            let json = try await replay([log, "--base-url", simulator.baseURL, "--json"], home: home).json()
            #expect(json["verdict"] == "same")
            #expect(json["summary"]?["logprob_drift"]?["max"]?.double == 0)
            let recorded = try #require(json["new"]?["log"]?.string)
            let again = try await replay([recorded, "--base-url", simulator.baseURL], home: home)
            #expect(again.code == 0, "\(again.errors)")
            let diff = try await HostProcess.run(["replay", "diff", log, recorded], home: home)
            #expect(diff.code == 0, "\(diff.output)")
        }
        let requests = simulator.requests.filter { $0.path.hasSuffix("completions") }.compactMap(\.json)
        #expect(requests.count == 8)
        #expect(Set(requests.map { $0["messages"] ?? $0["prompt"] ?? .null }).count == 2)
    }

    @Test("a changed answer is shown, and ends with 3; thresholds let it pass")
    func different() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let log = try await record(simulator, [], home: home)
            try change(log, "France is Paris.", "France is Rome, they say.")
            let run = try await replay([log, "--base-url", simulator.baseURL], home: home)
            #expect(run.code == 3)
            #expect(run.output.contains("call 1 differs in text · \"What is the capital of France?\"\n"))
            #expect(run.output.contains("    The capital of France is [-Rome, they say-]{+Paris+}.\n"))
            #expect(run.output.contains("they part at character 25 of the text"))
            #expect(run.output.hasSuffix("beyond --max-differences 0: 1\ndifferent: 1 of 2 calls the same, 1 differ (text 1)\n"))
            for threshold in [["--max-differences", "1"], ["--min-similarity", "0.5"], ["--compare", "tool_calls"], ["--only", "2"]] {
                let passing = try await replay([log, "--base-url", simulator.baseURL] + threshold, home: home)
                #expect(passing.code == 0, "\(threshold)")
            }
            let report = home + "/report.json"
            let written = try await replay(
                [log, "--base-url", simulator.baseURL, "--json", "-o", report, "--html", home + "/page.html"], home: home)
            #expect(try fileText(home + "/page.html").contains("Rome, they say"))
            #expect(written.code == 3)
            #expect(written.output == "")
            let edits = try JSONValue(parsing: try fileText(report))["calls"]?[0]?["answers"]?[0]?["text"]?["edits"]?.array
            #expect(edits?.compactMap { $0["text"]?.string } == ["The capital of France is ", "Rome, they say", "Paris", "."])
        }
    }

    @Test("settings of the command line take the place of the recorded ones, and so does the model")
    func settings() async throws {
        let simulator = try VLLMSimulator(options: VLLMSimulator.Options(models: ["big"]))
        let old = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let log = try await record(old, ["--seed", "7"], home: home)
            let arguments = ["--base-url", simulator.baseURL, "--set", "seed=8", "--limit", "1", "--endpoint", "completions"]
            let run = try await replay([log] + arguments, home: home)
            #expect(run.output.contains("note: big answers in the place of tiny-chat\n"))
            let asked = simulator.requests.filter { $0.path == "/v1/completions" }.compactMap(\.json)
            #expect(asked.map { $0["seed"] } == [8])
            #expect(asked.map { $0["model"] } == ["big"])
            #expect(asked.map { $0["logprobs"] } == [2])
        }
    }

    @Test("a call that fails now leaves the comparison incomplete: 2")
    func failing() async throws {
        var options = VLLMSimulator.Options()
        options.respond = { request in
            guard request.path.hasSuffix("completions"), request.json?.text.contains("Germany") == true else { return nil }
            return .json(["error": ["message": "no such thing", "type": "BadRequestError", "code": 400]], status: 400)
        }
        let (old, failing) = (try VLLMSimulator(), try VLLMSimulator(options: options))
        try await withTemporaryDirectory { home in
            let log = try await record(old, ["--endpoint", "chat"], home: home)
            let run = try await replay([log, "--base-url", failing.baseURL], home: home)
            #expect(run.code == 2)
            #expect(run.output.contains("the new call failed: "))
            #expect(run.output.contains("incomplete: 1 of 2 calls the same, 1 differ (failure 1), 1 failed\n"))
        }
    }

    @Test("each call can be made several times")
    func repetitions() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let log = try await record(simulator, [], home: home)
            let run = try await replay([log, "--base-url", simulator.baseURL, "--repeat", "3", "--concurrency", "2", "--json"], home: home)
            let json = try run.json()
            #expect(json["calls"]?.array?.compactMap { $0["repetition"]?.int } == [1, 2, 3, 1, 2, 3])
            #expect(json["variance"]?[0] == ["call": 1, "answers": 3, "distinct": 1])
        }
    }

    @Test(
        "what cannot be replayed says why",
        arguments: [([], 64), (["none.jsonl"], 66), (["plain.jsonl"], 65), (["raw.jsonl", "--only", "9"], 65)] as [([String], Int32)])
    func mistakes(_ arguments: [String], _ code: Int32) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let plain = try await HostProcess.run(["run", "--base-url", simulator.baseURL, "Hi"], home: home)
            try FileManager.default.copyItem(atPath: try #require(plain.logPath), toPath: home + "/plain.jsonl")
            try FileManager.default.copyItem(atPath: try await record(simulator, [], home: home), toPath: home + "/raw.jsonl")
            let run = try await replay(arguments + ["--base-url", simulator.baseURL], home: home)
            #expect(run.code == code, "\(run.errors)")
            #expect(run.output == "" && run.errors.hasPrefix("vllm-host: "))
            if arguments == ["plain.jsonl"] { #expect(run.errors.contains("--set debug=true --set raw_debug=true")) }
        }
    }

    @Test("a server that is not there fails the whole run: 69")
    func unreachable() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let log = try await record(simulator, [], home: home)
            let closed = ClosedPort()
            let run = try await replay([log, "--base-url", "http://127.0.0.1:\(closed.number)", "--set", "max_retries=0"], home: home)
            #expect(run.code == 69, "\(run.errors)")
        }
    }

    @Test("interrupted, it leaves the server alone, its log ends as cancelled, and the code is 130")
    func interrupted() async throws {
        let (received, receive) = AsyncStream.makeStream(of: Void.self)
        var silence = SimulatedResponse(parts: [])
        silence.before = [.hang]
        var options = VLLMSimulator.Options(respond: { [silence] in $0.path.hasSuffix("completions") ? silence : nil })
        options.observe = { event in
            if case .received(let request) = event, request.path.hasSuffix("completions") { receive.yield() }
        }
        let (simulator, hanging) = (try VLLMSimulator(), try VLLMSimulator(options: options))
        defer { hanging.stop() }
        try await withTemporaryDirectory { home in
            let log = try await record(simulator, [], home: home)
            let (processes, process) = AsyncStream.makeStream(of: Int32.self)
            let arguments = ["replay", "run", log, "--base-url", hanging.baseURL]
            async let run = HostProcess.run(arguments, home: home, onStart: { process.yield($0) })
            for await _ in received { break }
            for await identifier in processes {
                kill(identifier, SIGINT)
                break
            }
            let ended = try await run
            #expect(ended.code == 130)
            #expect(ended.output == "")
            let logs = try FileManager.default.subpathsOfDirectory(atPath: home + "/.amplifier").filter { $0.hasSuffix("/events.jsonl") }
            let texts = try logs.map { try fileText(home + "/.amplifier/" + $0) }.filter { $0.contains("\"replay:start\"") }
            #expect(texts.count == 1)
            let last = try JSONValue(parsing: String(try #require(texts.first?.split(separator: "\n").last)))
            #expect(last["event"] == "session:end" && last["status"] == "cancelled")
        }
    }

    @Test(
        "what cannot be compared says why",
        arguments: [([], 64), (["none.jsonl", "none.jsonl"], 66), (["empty.jsonl", "empty.jsonl"], 65)] as [([String], Int32)])
    func differenceMistakes(_ arguments: [String], _ code: Int32) async throws {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/empty.jsonl", "garbage\n".utf8)
            let run = try await HostProcess.run(["replay", "diff"] + arguments, home: home)
            #expect(run.code == code, "\(run.errors)")
            #expect(run.output == "" && run.errors.hasPrefix("vllm-host: "))
        }
    }

    private func replay(_ arguments: [String], home: String) async throws -> HostProcess {
        try await HostProcess.run(["replay", "run"] + arguments, home: home)
    }

    /// The log of a session of two prompts.
    private func record(_ simulator: VLLMSimulator, _ arguments: [String], home: String) async throws -> String {
        let raw = ["--set", "debug=true", "--set", "raw_debug=true", "--set", "logprobs=2", "-t", "0"]
        let chat = try await HostProcess.run(
            ["chat", "--base-url", simulator.baseURL] + raw + arguments,
            input: "What is the capital of France?\n/new\nWhat is the capital of Germany?\n", home: home)
        try #require(chat.code == 0, "\(chat.errors)")
        let logs = try FileManager.default.subpathsOfDirectory(atPath: home + "/.amplifier").filter { $0.hasSuffix("/events.jsonl") }
        for log in logs.map({ home + "/.amplifier/" + $0 }) where try fileText(log).contains("capital of Germany") { return log }
        throw RecordingError()
    }

    private struct RecordingError: Error {}

    /// Changes what a log says was answered.
    private func change(_ log: String, _ old: String, _ new: String) throws {
        let lines = try fileText(log).split(separator: "\n").map { line in
            line.contains("\"llm:response:raw\"") ? line.replacingOccurrences(of: old, with: new) : String(line)
        }
        try lines.map { $0 + "\n" }.joined().write(toFile: log, atomically: true, encoding: .utf8)
    }
}
