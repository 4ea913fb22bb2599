import Foundation
import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("vllm-host run")
struct RunTests {
    private static let question = "What is the capital of France?"
    private static let answer = "The capital of France is Paris."

    @Test(
        "the answer alone is on standard output, over both endpoints, streamed and not",
        arguments: [["--endpoint", "chat"], ["--endpoint", "completions"]], [[], ["--no-stream"]])
    func answer(endpoint: [String], streaming: [String]) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--logprobs", "3"] + endpoint + streaming + [Self.question], home: home)
            #expect(run.code == 0)
            #expect(run.output == Self.answer + "\n")
            #expect(run.errors.hasPrefix("The user asks about France. It is Paris.\n"))
            #expect(run.errors.contains("\t\" Paris\""))
            #expect(run.errors.contains("18 tokens in, 24 out · "))
            #expect(run.errors.contains(" tokens/s · \(home)/.amplifier/projects/"))
            #expect(!run.errors.contains("\u{1B}"))
        }
        let path = endpoint[1] == "chat" ? "/v1/chat/completions" : "/v1/completions"
        #expect(simulator.requests.contains { $0.path == path && $0.json?["stream"] == (streaming.isEmpty ? true : nil) })
    }

    @Test("--json prints one object with everything, and nothing else")
    func json() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--json", "--logprobs", "2", Self.question], home: home)
            #expect(run.errors == "")
            #expect(run.output.split(separator: "\n").count == 1)
            let json = try run.json()
            #expect(json["text"]?.string == Self.answer)
            #expect(json["thinking"] == "The user asks about France. It is Paris.")
            #expect(json["finish_reason"] == "stop")
            #expect(json["model"] == "tiny-chat")
            #expect(json["usage"]?["output_tokens"] == 24)
            #expect(json["logprobs"]?.array?.count == 24)
            #expect(json["tool_calls"] == [])
            #expect(json["timing"]?["duration_ms"]?.int != nil)
            let log = try #require(json["events"]?.string)
            #expect(log.hasSuffix("/sessions/\(json["session_id"]?.string ?? "")/events.jsonl"))
            #expect(log.hasPrefix(home + "/.amplifier/projects/"))
            let mode = try #require(try FileManager.default.attributesOfItem(atPath: log)[.posixPermissions] as? Int)
            #expect(mode == 0o600)
        }
    }

    @Test("the event log tells the whole call, and one id joins its events")
    func log() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--session-root", home + "/logs", Self.question], home: home)
            #expect(run.logPath?.hasPrefix(home + "/logs/") == true)
            let events = try run.events()
            #expect(
                events.compactMap { $0["event"]?.string } == [
                    "session:start", "prompt:submit", "provider:request", "llm:request", "llm:stream_block_start", "llm:stream_block_end",
                    "llm:stream_block_start", "llm:stream_block_end", "llm:response", "provider:response", "content_block:start",
                    "content_block:end", "content_block:start", "content_block:end", "prompt:complete", "orchestrator:complete",
                    "session:end",
                ])
            let calls = events.filter {
                $0["event"]?.string?.hasPrefix("llm:") == true || $0["event"]?.string?.hasPrefix("provider:") == true
            }
            #expect(calls.count == 8)
            #expect(calls.allSatisfy { $0["request_id"] != nil && $0["request_id"] == calls[0]["request_id"] })
            let sessions = Set(events.compactMap { $0["session_id"]?.string })
            #expect(sessions.count == 1)
            let path = try #require(run.logPath)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.contains(#""provider":"vllm""#))
        }
    }

    @Test("what is piped in is added behind the prompt, or is the prompt")
    func standardInput() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let options = ["run", "--base-url", simulator.baseURL, "--endpoint", "chat", "-q"]
            let alone = try await HostProcess.run(options, input: Self.question, home: home)
            #expect(alone.output == Self.answer + "\n")
            #expect(alone.errors == "")
            _ = try await HostProcess.run(options + ["Say this:"], input: "a\nb", home: home)
            let sent = simulator.requests.last { $0.path == "/v1/chat/completions" }?.json
            #expect(sent?["messages"]?[0]?["content"] == "Say this:\n\na\nb")
        }
    }

    @Test("--set reaches any key of the provider's configuration")
    func settings() async throws {
        let simulator = try VLLMSimulator(options: VLLMSimulator.Options(apiKey: "sesame"))
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                [
                    "run", "--base-url", simulator.baseURL, "--set", "use_completions=false", "--set", "temperature=0", "--set",
                    "stop=[Rome, Paris]", "--set", "api_key=sesame", "--set", "extra_body={priority: 3}", "-q", Self.question,
                ], home: home)
            #expect(run.output == "")
            #expect(run.code == 0)
            let body = simulator.requests.last?.json
            #expect(body?["temperature"]?.double == 0)
            #expect(body?["stop"] == ["Rome", "Paris"])
            #expect(body?["priority"] == 3)
        }
    }

    @Test("of several providers, the one that answers gets what the command line says")
    func severalProviders() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let plan = """
                providers:
                  - {module: provider-vllm, instance_id: a, config: {base_url: "http://127.0.0.1:1", priority: 100}}
                  - {module: provider-vllm, instance_id: b, config: {base_url: "http://127.0.0.1:2", priority: 10}}
                """
            try plan.write(toFile: home + "/plan.yaml", atomically: true, encoding: .utf8)
            let run = try await HostProcess.run(
                ["run", "-q", "-c", "plan.yaml", "--base-url", simulator.baseURL, Self.question], home: home)
            #expect(run.output == Self.answer + "\n")
        }
    }

    @Test("--dry-run prints the requests with the key masked and sends nothing", arguments: ["chat", "completions"])
    func dryRun(endpoint: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--endpoint", endpoint, "--dry-run", "-m", "tiny-chat", "Hi"],
                environment: ["VLLM_API_KEY": "super-secret-key"], home: home)
            #expect(run.code == 0)
            #expect(!run.output.contains("super-secret-key"))
            let requests = try #require(try run.json().array)
            #expect(requests.count == (endpoint == "chat" ? 1 : 2))
            #expect(requests[0]["body"]?["messages"] == [["role": "user", "content": "Hi"]])
            #expect(requests.last?["body"]?["model"] == "tiny-chat")
        }
        #expect(simulator.requests.isEmpty)
    }

    @Test("--curl prints a command that a shell accepts, without the key", arguments: ["chat", "completions"])
    func curl(endpoint: String) async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                [
                    "run", "--base-url", "http://h:1", "--endpoint", endpoint, "--set", "ca_file=/a b.pem", "--set",
                    "proxy=http://u:secret-password@p:1", "--curl", "It's $HOME",
                ],
                environment: ["VLLM_API_KEY": "super-secret-key"], home: home)
            #expect(!run.output.contains("super-secret-key"))
            #expect(run.output.contains("${VLLM_API_KEY:-EMPTY}"))
            #expect(run.output.contains("--max-time 600.0 --cacert '/a b.pem' --proxy "))
            #expect(!run.output.contains("secret-password"))
            let file = home + "/command.sh"
            try run.output.write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await HostProcess.shell("bash -n '\(file)'", home: home).code == 0)
            #expect(run.output.contains(#"It'\''s $HOME"#))
        }
    }

    @Test("Ctrl-C and SIGTERM stop the answer: what was shown stays, and the log ends as cancelled", arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupt(signal: Int32) async throws {
        var options = VLLMSimulator.Options()
        options.respond = { request in
            guard request.path == "/v1/chat/completions" else { return nil }
            let chunk = #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Once upon"},"finish_reason":null}]}"#
            return .events([chunk], ending: [.hang])
        }
        let simulator = try VLLMSimulator(options: options)
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--endpoint", "chat", "Tell me a long story."], home: home,
                onOutput: { kill($0, signal) })
            #expect(run.code == 128 + signal)
            #expect(run.output == "Once upon\n")
            let events = try run.events()
            let response = try #require(events.first { $0["event"] == "llm:response" })
            #expect(response["status"] == "cancelled")
            let end = try #require(events.last)
            #expect(end["event"] == "session:end")
            #expect(end["status"] == "cancelled")
            #expect(end["lvl"] == "INFO")
        }
    }

    @Test("what is configured beyond the server's limits is told on standard error, and the answer comes all the same")
    func warning() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(
                ["run", "--simulator", "-q", "--set", "context_window=9000", "What is 2+2?"], home: home)
            #expect(run.output == "4\n")
            let warning = "context_window is 9000, but the context window of tiny-chat is 2048 tokens: 2048 counts"
            #expect(run.errors == "vllm-host: warning: \(warning)\n")
        }
    }

    @Test("the simulator inside the process needs no server")
    func simulator() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--simulator", "-q", "What is 2+2?"], home: home)
            #expect(run.output == "4\n")
            #expect(run.code == 0)
            let whole = try await HostProcess.run(
                ["run", "--simulator", "What is 2+2?"], environment: ["http_proxy": "http://127.0.0.1:1"], home: home)
            #expect(whole.errors.contains("17 tokens in, 14 out · "))
        }
    }

    @Test("the first token's time is told where the others took theirs")
    func firstToken() async throws {
        let simulator = try VLLMSimulator(options: .init(tokenDelay: .milliseconds(20)))
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--base-url", simulator.baseURL, Self.question], home: home)
            #expect(run.errors.contains("18 tokens in, 24 out · first token "))
        }
    }
}
