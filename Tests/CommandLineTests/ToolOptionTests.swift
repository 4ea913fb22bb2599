import JSON
import TestSupport
import Testing
import VLLMSimulator

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("vllm-host run --tool", .timeLimit(.minutes(1)))
struct ToolOptionTests {
    private static let question = "What is the weather in Paris?"

    /// A tool of the dialogues that the model knows, as a shell script.
    private func tool(_ name: String, _ script: String) -> JSONValue {
        var tool = Dialogue.tools.first { $0["function"]?["name"]?.string == name } ?? [:]
        tool["command"] = ["sh", "-c", .string(script)]
        return .object(tool)
    }

    @Test("the command gets the arguments, its output is the result, and the model answers with it", arguments: ["chat", "completions"])
    func roundTrip(endpoint: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(
                home + "/weather.json", tool("get_weather", #"cat > got.json; echo '{"temperature": 18, "condition": "sunny"}'"#).text.utf8)
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--endpoint", endpoint, "-t", "0", "--tool", "weather.json", Self.question],
                home: home)
            #expect(run.output == "It is sunny and 18°C in Paris.\n")
            #expect(run.errors.contains("→ get_weather {\"location\":\"Paris\"}\n← {\"temperature\":18,\"condition\":\"sunny\"}\n"))
            #expect(try fileText(home + "/got.json") == #"{"location":"Paris"}"#)
            let events = try run.events().filter { $0["event"]?.string?.hasPrefix("tool:") == true }
            #expect(events.compactMap { $0["event"]?.string } == ["tool:pre", "tool:post"])
            #expect(events.last?["data"]?["result"] == ["temperature": 18, "condition": "sunny"])
        }
    }

    @Test("a command does not get the provider's key from the environment")
    func secrets() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/weather.json", tool("get_weather", #"echo "key:$VLLM_API_KEY other:$OTHER""#).text.utf8)
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "-t", "0", "--tool", "weather.json", Self.question],
                environment: ["VLLM_API_KEY": "sk-secret-1", "OTHER": "x"], home: home)
            #expect(run.errors.contains("← key: other:x\n"))
        }
    }

    @Test("two tools are called side by side, and each gets its own call")
    func severalTools() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/weather.json", tool("get_weather", #"echo '{"temperature": 12, "condition": "cloudy"}'"#).text.utf8)
            try writeFile(home + "/calculate.json", tool("calculate", #"grep -q '6 \* 7' && echo 42"#).text.utf8)
            let run = try await HostProcess.run(
                [
                    "run", "-q", "--base-url", simulator.baseURL, "-t", "0", "--tool", "weather.json", "--tool", "calculate.json",
                    "What is the weather in London and what is 6 * 7?",
                ], home: home)
            #expect(run.output == "It is 12°C in London, and 6 * 7 = 42.\n")
        }
    }

    @Test("a command that fails is a result that the model is told")
    func failure() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/weather.json", tool("get_weather", "echo no network >&2; exit 3").text.utf8)
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "--endpoint", "chat", "-t", "0", "--tool", "weather.json", Self.question],
                home: home)
            #expect(run.code == 0)
            #expect(run.errors.contains(#"← failed: {"error":"exit code 3: no network"}"#))
            let last = simulator.requests.last?.json?["messages"]?.array?.last
            #expect(last?["role"] == "tool")
            #expect(last?["content"] == #"{"error":"exit code 3: no network"}"#)
        }
    }

    @Test("Ctrl-C ends a command that hangs, and all that it has started")
    func interrupt() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            // The command itself presses Ctrl-C, and holds a pipe open until its last process has ended.
            mkfifo(home + "/pipe", 0o600)
            let pipe = open(home + "/pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            defer { close(pipe) }
            try writeFile(
                home + "/weather.json", tool("get_weather", "exec 3> pipe; sh -c 'sleep 600; true' & kill -INT $PPID; wait").text.utf8)
            let run = try await HostProcess.run(
                ["run", "--base-url", simulator.baseURL, "-t", "0", "--tool", "weather.json", Self.question], home: home)
            #expect(run.code == 130)
            #expect(try run.events().last?["status"] == "cancelled")
            _ = fcntl(pipe, F_SETFL, 0)
            var byte: UInt8 = 0
            #expect(read(pipe, &byte, 1) == 0)
        }
    }

    @Test(
        "what forces a call is sent with the first request alone, wherever it is said",
        arguments: [["--tool-choice", "required"], ["--tool-choice", "get_weather"], ["--set", "tool_choice=required"]])
    func choice(option: [String]) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/weather.json", tool("get_weather", #"echo '{"temperature": 18, "condition": "sunny"}'"#).text.utf8)
            let run = try await HostProcess.run(
                [
                    "run", "-q", "--base-url", simulator.baseURL, "--endpoint", "chat", "-t", "0", "--tool", "weather.json",
                    Self.question,
                ] + option, home: home)
            #expect(run.code == 0)
            let choices = simulator.requests.filter { $0.path == "/v1/chat/completions" }.map { $0.json?["tool_choice"] }
            #expect(choices.count == 2)
            #expect(choices.first??.string == "required" || choices.first??["function"]?["name"]?.string == "get_weather")
            #expect(choices.last.flatMap(\.self)?.string.map { $0 == "auto" } ?? true)
        }
    }

    @Test("--dry-run shows the tools, those of the plan included, and runs none")
    func dryRun() async throws {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/weather.json", tool("get_weather", "touch ran").text.utf8)
            let plan = "tools: [{module: tool-command, config: {name: clock, command: [date], description: Tell the time.}}]\n"
            try writeFile(home + "/.vllm-host.yaml", plan.utf8)
            let run = try await HostProcess.run(
                ["run", "--base-url", "http://h:1", "--endpoint", "chat", "--tool", "weather.json", "--dry-run", "Hi"], home: home)
            let tools = try run.json()[0]?["body"]?["tools"]?.array
            #expect(tools?.compactMap { $0["function"]?["name"]?.string } == ["clock", "get_weather"])
            #expect(access(home + "/ran", F_OK) != 0)
        }
    }

    @Test(
        "a definition that is wrong is an error before anything is sent, with file and place",
        arguments: [
            ("", 65, "t.json:1:1: not JSON: "), (#"{"name": "t","#, 65, "t.json:1:14: not JSON: "),
            (#"{"name": "t", "comand": ["true"]}"#, 78, "t.json: error: comand: unknown key (did you mean `command`?)"),
            (#"{"name": "t", "command": ["no-such-program"]}"#, 78, "t.json: error: command: there is no program"),
        ])
    func definitions(json: String, code: Int32, message: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/t.json", json.utf8)
            let run = try await HostProcess.run(["run", "--base-url", simulator.baseURL, "--tool", "t.json", "Hi"], home: home)
            #expect(run.code == code)
            #expect(run.errors.contains(message))
        }
        #expect(simulator.requests.isEmpty)
    }
}
