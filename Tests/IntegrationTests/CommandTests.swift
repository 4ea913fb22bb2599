import JSON
import TestSupport
import Testing

extension RealServer {
    @Suite("vllm-host run")
    struct CommandTests {
        private static let question = "What is the capital of France?"
        private static let answer = "The capital of France is Paris."

        private func run(_ arguments: [String], home: String) async throws -> HostProcess {
            let environment = RealServer.apiKey.map { ["VLLM_API_KEY": $0] } ?? [:]
            return try await HostProcess.run(["run", "--base-url", try RealServer.url] + arguments, environment: environment, home: home)
        }

        @Test(
            "answers exactly, and the answer alone is on standard output",
            arguments: [["--endpoint", "chat"], ["--endpoint", "completions"]], [[], ["--no-stream"]])
        func answer(endpoint: [String], streaming: [String]) async throws {
            try await withTemporaryDirectory { home in
                let arguments = endpoint + streaming + ["--logprobs", "3", "--set", "temperature=0", Self.question]
                let run = try await run(arguments, home: home)
                #expect(run.code == 0)
                #expect(run.output == Self.answer + "\n")
                #expect(run.errors.hasPrefix("The user asks about France. It is Paris.\n"))
                #expect(run.errors.contains("\" Paris\""))
                let events = try run.events().compactMap { $0["event"]?.string }
                #expect(events.first == "session:start")
                #expect(events.last == "session:end")
            }
        }

        @Test(
            "--json prints one object with the answer, its tokens and what it took, and nothing else",
            arguments: [["--endpoint", "chat"], ["--endpoint", "completions"]], [[], ["--no-stream"]])
        func json(endpoint: [String], streaming: [String]) async throws {
            try await withTemporaryDirectory { home in
                let arguments = endpoint + streaming + ["--json", "--logprobs", "3", "--set", "temperature=0", Self.question]
                let run = try await run(arguments, home: home)
                #expect(run.code == 0)
                #expect(run.errors == "")
                let json = try run.json()
                #expect(json["text"]?.string == Self.answer)
                #expect(json["thinking"] == "The user asks about France. It is Paris.")
                #expect(json["finish_reason"] == "stop")
                #expect(json["model"] == "tiny-chat")
                #expect(json["tool_calls"] == [])
                #expect(json["usage"]?["input_tokens"] == 18)
                #expect(json["usage"]?["output_tokens"] == 24)
                #expect(json["logprobs"]?.array?.count == 24)
                #expect(json["logprobs"]?[0]?["top_logprobs"]?.array?.count == 3)
            }
        }

        @Test(
            "an answer has the shape that the command line asks for",
            arguments: [
                (["--choice", "Rome", "--choice", "Paris"], "^(Rome|Paris)\n$"), (["--regex", "[0-9]{3}"], "^[0-9]{3}\n$"),
                (["--schema", "schema.json"], "^\"(Rome|Paris)\"\n$"),
            ])
        func shape(arguments: [String], pattern: String) async throws {
            try await withTemporaryDirectory { home in
                // The model was taught no JSON, and would fill objects with white space.
                try writeFile(home + "/schema.json", #"{"enum": ["Rome", "Paris"]}"#.utf8)
                let run = try await run(arguments + ["-q", "-t", "0", Self.question], home: home)
                #expect(run.code == 0)
                #expect(try run.output.contains(Regex(pattern)))
            }
        }

        @Test("a tool's command is run, and the answer has its result", arguments: ["chat", "completions"])
        func tool(endpoint: String) async throws {
            try await withTemporaryDirectory { home in
                var tool = Dialogue.tools.first { $0["function"]?["name"] == "get_weather" } ?? [:]
                tool["command"] = ["echo", #"{"temperature": 18, "condition": "sunny"}"#]
                try writeFile(home + "/weather.json", JSONValue.object(tool).text.utf8)
                let arguments = ["--endpoint", endpoint, "-q", "-t", "0", "--tool", "weather.json", "What is the weather in Paris?"]
                #expect(try await run(arguments, home: home).output == "It is sunny and 18°C in Paris.\n")
            }
        }

        @Test("--no-think answers at once, and --n gives as many answers, each with its finish reason")
        func options() async throws {
            try await withTemporaryDirectory { home in
                let json = try await run(["--json", "--no-think", "-n", "3", "--max-tokens", "64", Self.question], home: home).json()
                #expect(json["thinking"]?.isNull == true)
                #expect(json["choices"]?.array?.map { $0["finish_reason"] } == ["stop", "stop", "stop"])
            }
        }

        @Test("a model that the server does not have is one sentence, exit code and log included")
        func wrongModel() async throws {
            try await withTemporaryDirectory { home in
                let run = try await run(["-m", "no-such-model", Self.question], home: home)
                #expect(run.code != 0 && run.code < 128)
                #expect(run.output == "")
                #expect(run.errors.contains("no-such-model"))
                #expect(try run.events().contains { $0["event"] == "provider:error" })
            }
        }

        @Test("models lists what the server has")
        func models() async throws {
            let url = try RealServer.url
            try await withTemporaryDirectory { home in
                let environment = RealServer.apiKey.map { ["VLLM_API_KEY": $0] } ?? [:]
                let run = try await HostProcess.run(["models", "--base-url", url], environment: environment, home: home)
                #expect(run.code == 0)
                #expect(run.output.contains("tiny-chat"))
                #expect(run.output.contains("2048") || run.output.contains("2,048"))
            }
        }
    }
}
