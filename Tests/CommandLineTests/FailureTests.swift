import Foundation
import JSON
import Locks
import TestSupport
import Testing
import VLLMSimulator

@Suite("What vllm-host run says when it cannot answer")
struct FailureTests {
    private struct Failure: Sendable, CustomStringConvertible {
        var description: String
        var arguments: [String] = ["Hi"]
        var options = VLLMSimulator.Options(apiKey: "sesame")
        var code: Int32
        /// What standard error must say.
        var says: [String]
    }

    private static func answering(_ response: @escaping @Sendable () -> SimulatedResponse) -> VLLMSimulator.Options {
        var options = VLLMSimulator.Options()
        options.respond = { _ in response() }
        return options
    }

    private static func error(_ status: Int, _ message: String) -> VLLMSimulator.Options {
        answering { .json(["error": ["message": .string(message), "type": "E", "code": .integer(status)]], status: status) }
    }

    private static let right = ["--set", "api_key=sesame"]
    private static let failures = [
        Failure(
            description: "wrong key", arguments: ["--set", "api_key=open", "Hi"], code: 77,
            says: ["does not accept the API key", "set api_key or VLLM_API_KEY"]),
        Failure(
            description: "wrong model", arguments: right + ["--model", "nope", "Hi"], code: 78,
            says: ["The model `nope` does not exist", "vllm-host models"]),
        Failure(
            description: "wrong type", arguments: ["--set", "timeout=soon", "Hi"], code: 78,
            says: ["timeout: expected a number of seconds between 0.001 and 31536000, found \"soon\""]),
        Failure(
            description: "prompt too long", arguments: right + [String(repeating: "word ", count: 4000)], code: 65,
            says: ["the context window of tiny-chat is 2048 tokens"]),
        Failure(description: "overloaded", options: error(503, "The engine is busy."), code: 69, says: ["The engine is busy."]),
        Failure(description: "rate limited", options: error(429, "Slow down."), code: 75, says: ["Slow down."]),
        Failure(description: "refused", options: error(400, "No."), code: 65, says: ["No."]),
        Failure(
            description: "not a vLLM server", options: answering { .text("<html><body>Welcome</body></html>", type: "text/html") },
            code: 76,
            says: ["check that base_url leads to a vLLM server"]),
        Failure(
            description: "a proxy that is not there", arguments: ["--set", "proxy=http://127.0.0.1:1", "Hi"], code: 69,
            says: ["the proxy for 127.0.0.1:"]),
        Failure(
            description: "a server that hangs up", options: answering { .noAnswer }, code: 69,
            says: ["closed the connection without an answer"]),
    ]

    @Test("each failure has its code, a clear sentence, and an event log that says so too", arguments: failures)
    private func failure(_ failure: Failure) async throws {
        let simulator = try VLLMSimulator(options: failure.options)
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--set", "max_retries=0"] + failure.arguments, home: home)
            #expect(run.code == failure.code)
            #expect(run.output == "")
            #expect(run.errors.hasPrefix("vllm-host: "))
            for text in failure.says { #expect(run.errors.contains(text)) }
            let end = try #require(try run.events().last)
            #expect(end["event"] == "session:end")
            #expect(end["status"] == "error")
            #expect(end["error"]?.string?.isEmpty == false)
            #expect(!run.errors.contains("sesame"))
        }
    }

    @Test("a server that is not there: code 69, and where it was looked for")
    func serverDown() async throws {
        let nobody = ClosedPort()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--base-url", nobody.baseURL, "--set", "max_retries=0", "Hi"], home: home)
            #expect(run.code == 69)
            #expect(run.errors.contains("connection refused by 127.0.0.1:"))
            #expect(run.errors.contains("set base_url or VLLM_BASE_URL"))
            #expect(try run.events().last?["status"] == "error")
        }
    }

    @Test("whoever waits for another attempt is told why, and an answer that comes after all is the answer")
    func retries() async throws {
        let isFirst = Guarded(true)
        var options = VLLMSimulator.Options()
        options.respond = { request in
            let fails =
                request.path == "/v1/completions"
                && isFirst.withLock { isFirst in
                    defer { isFirst = false }
                    return isFirst
                }
            return fails ? .json(["error": ["message": "The engine is busy.", "code": 503]], status: 503) : nil
        }
        let simulator = try VLLMSimulator(options: options)
        try await withTemporaryDirectory { home in
            let settings = ["--set", "min_retry_delay=0.1", "--set", "retry_jitter=false"]
            let run = try await HostProcess.run(["run", "--base-url", simulator.baseURL] + settings + ["What is 2+2?"], home: home)
            #expect(run.code == 0)
            #expect(run.output.contains("4"))
            #expect(run.errors.contains("vllm-host: retry 1 of 5 in 0.1 s: \(simulator.baseURL) cannot answer now: The engine is busy."))
            #expect(try run.events().contains { $0["event"] == "provider:retry" })
        }
    }

    @Test("a server that is left alone after failures: code 75, for nobody knows whether it still fails")
    func openCircuit() async throws {
        let nobody = ClosedPort()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                [
                    "run", "--base-url", nobody.baseURL, "--set", "circuit_breaker_threshold=1", "--set", "max_retries=1", "--set",
                    "min_retry_delay=0.01", "Hi",
                ], home: home)
            #expect(run.code == 75)
            #expect(run.errors.contains("all servers are left alone: \(nobody.baseURL) after a failure"))
        }
    }

    @Test("no server named: code 78, the seed's message, and how to name one")
    func noBaseURL() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "Hi"], home: home)
            #expect(run.code == 78)
            #expect(run.errors.contains("No base_url found for vLLM provider - this is required"))
            #expect(run.errors.contains("VLLM_BASE_URL"))
            #expect(run.errors.contains("--base-url"))
        }
    }

    @Test("bad YAML: code 78 with file, line and column; no file: code 66")
    func badConfiguration() async throws {
        try await withTemporaryDirectory { home in
            let file = home + "/plan.yaml"
            try "providers:\n  - module: provider-vllm\n    config: {base_url: http://h:1\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            let run = try await HostProcess.run(["run", "-c", file, "Hi"], home: home)
            #expect(run.code == 78)
            #expect(run.errors.hasPrefix("vllm-host: \(file):"))
            #expect(try run.events().last?["status"] == "error")
            let missing = try await HostProcess.run(["run", "-c", home + "/none.yaml", "Hi"], home: home)
            #expect(missing.code == 66)
            #expect(missing.errors.contains("none.yaml"))
        }
    }

    @Test("no prompt: code 64 and how to give one")
    func noPrompt() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--base-url", "http://127.0.0.1:1"], home: home)
            #expect(run.code == 64)
            #expect(run.errors.contains("give it as an argument or pipe it in"))
            #expect(try run.events().last?["status"] == "error")
        }
    }

    @Test("an unknown option: code 64 and the nearest one")
    func unknownOption() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--modle", "x"], home: home)
            #expect(run.code == 64)
            #expect(run.errors.contains("did you mean `--model`?"))
        }
    }

    @Test("a module that is not there: code 78 and the ones that are")
    func unknownModule() async throws {
        try await withTemporaryDirectory { home in
            let file = home + "/plan.yaml"
            try "providers: [{module: provider-other}]".write(toFile: file, atomically: true, encoding: .utf8)
            let run = try await HostProcess.run(["run", "-c", file, "Hi"], home: home)
            #expect(run.code == 78)
            #expect(run.errors.contains("there is no provider module \"provider-other\""))
            #expect(run.errors.contains("provider-vllm"))
            #expect(try run.events().contains { $0["event"] == "module:load_failed" })
        }
    }

    @Test("a log that cannot be written: code 1 and what to do")
    func unwritableLog() async throws {
        try await withTemporaryDirectory { home in
            let file = home + "/file"
            try "".write(toFile: file, atomically: true, encoding: .utf8)
            let run = try await HostProcess.run(["run", "--simulator", "--session-root", file, "Hi"], home: home)
            #expect(run.code == 1)
            #expect(run.errors.contains("choose another folder with --session-root"))
        }
    }

    @Test("with --json a failure is an object on standard output")
    func json() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--model", "nope", "--json", "Hi"], home: home)
            #expect(run.code == 78)
            #expect(run.errors == "")
            let error = try run.json()["error"]
            #expect(error?["type"] == "NotFoundError")
            #expect(error?["status_code"] == 404)
            #expect(error?["exit_code"] == 78)
            let usage = try await HostProcess.run(["run", "--json", "--bogus"], home: home)
            #expect(usage.code == 64)
            #expect(try usage.json()["error"]?["exit_code"] == 64)
        }
    }
}
