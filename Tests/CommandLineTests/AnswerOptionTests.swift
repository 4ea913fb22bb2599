import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("What the answer is to be like, and what is told of it")
struct AnswerOptionTests {
    private static let question = "What is the capital of France?"

    private func body(_ arguments: [String]) async throws -> JSONValue {
        try await withTemporaryDirectory { home in
            try writeFile(home + "/schema.json", #"{"title": "City", "type": "object"}"#.utf8)
            let fixed = ["run", "--base-url", "http://h:1", "--dry-run", "Hi"]
            let run = try await HostProcess.run(fixed + arguments, home: home)
            try #require(run.code == 0, "\(run.errors)")
            return try run.json()[0]?["body"] ?? .null
        }
    }

    @Test("--schema is a response format, --regex and --choice are vLLM's structured outputs")
    func shapes() async throws {
        let schema = try await body(["--schema", "schema.json"])["response_format"]
        #expect(schema?["type"] == "json_schema")
        #expect(schema?["json_schema"]?["schema"] == ["title": "City", "type": "object"])
        #expect(schema?["json_schema"]?["strict"] == true)
        #expect(try await body(["--regex", "[0-9]+, x"])["structured_outputs"] == ["regex": "[0-9]+, x"])
        #expect(try await body(["--choice", "Yes, sir", "--choice", "no"])["structured_outputs"] == ["choice": ["Yes, sir", "no"]])
    }

    @Test(
        "two shapes exclude each other, and a schema has to be one",
        arguments: [
            (["--regex", "a", "--choice", "b"], 64, "`--regex` and `--choice` exclude each other"),
            (["--regex", "a", "--schema", "s.json"], 64, "`--schema` and `--regex` exclude each other"),
            (
                ["--choice", "a", "--set", "structured_outputs={regex: b}"], 64,
                "`--choice` and `--set structured_outputs` exclude each other"
            ),
            (["--schema", "s.json", "--set", "guided_regex=b"], 64, "`--schema` and `--set guided_regex` exclude each other"),
            (["--schema", "no.json"], 66, "no.json: there is no such file"), (["--schema", "s.json"], 65, "s.json:2:3: not JSON: "),
            (["--schema", "list.json"], 65, "list.json: a JSON Schema is an object, not an array"),
        ])
    func errors(arguments: [String], code: Int32, message: String) async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            try writeFile(home + "/s.json", "{\n  x}".utf8)
            try writeFile(home + "/list.json", "[]".utf8)
            let run = try await HostProcess.run(["run", "--base-url", simulator.baseURL, "Hi"] + arguments, home: home)
            #expect(run.code == code)
            #expect(run.errors.contains(message))
        }
        #expect(simulator.requests.isEmpty)
    }

    @Test("several answers are numbered and not mixed: the first as it comes, the others behind it")
    func severalAnswers() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let options = ["run", "--base-url", simulator.baseURL, "--endpoint", "chat", "-n", "2", Self.question]
            let run = try await HostProcess.run(options, home: home)
            let answer = "The capital of France is Paris."
            #expect(run.output == "\(answer)\n\(answer)\n")
            let thought = "The user asks about France. It is Paris."
            #expect(run.errors.hasPrefix("answer 1:\n\(thought)\nanswer 2:\n\(thought)\n"))
            let json = try await HostProcess.run(options + ["--json"], home: home).json()
            #expect(json["text"]?.string == answer)
            let choice: JSONValue = ["text": .string(answer), "thinking": .string(thought), "tool_calls": [], "finish_reason": "stop"]
            #expect(json["choices"] == [choice, choice])
        }
    }

    @Test("one answer is not numbered")
    func oneAnswer() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--simulator", "-n", "1", Self.question], home: home)
            #expect(!run.errors.contains("answer 1"))
        }
    }

    @Test("what is not done as asked is a note, and a member with --json")
    func degradation() async throws {
        let simulator = try VLLMSimulator()
        try await withTemporaryDirectory { home in
            let options = ["run", "--base-url", simulator.baseURL, "--endpoint", "completions", "--choice", "Paris", Self.question]
            let run = try await HostProcess.run(options, home: home)
            #expect(run.errors.contains("note: use_completions: true → use_completions: false: "))
            let json = try await HostProcess.run(options + ["--json"], home: home).json()
            #expect(json["degradation"]?[0]?["requested"] == "use_completions: true")
            #expect(json["degradation"]?.array?.count == 1)
        }
    }

    @Test("an answer that is cut says so, and what to do")
    func cut() async throws {
        try await withTemporaryDirectory { home in
            let run = try await HostProcess.run(["run", "--simulator", "--max-tokens", "5", Self.question], home: home)
            #expect(run.errors.contains("note: the answer is cut (finish reason length): raise --max-tokens"))
            #expect(run.errors.contains("ended by length"))
        }
    }
}
