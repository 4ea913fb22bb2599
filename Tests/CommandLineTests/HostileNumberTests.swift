import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("Numbers that no honest server sends")
struct HostileNumberTests {
    private static func chat(usage: String = "null", logprobs: String = "null") -> SimulatedResponse {
        .events([
            #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":\#(logprobs),"finish_reason":null}]}"#,
            #"{"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":\#(usage)}"#, "[DONE]",
        ])
    }

    private static func run(
        _ path: String, _ response: SimulatedResponse, _ arguments: [String] = ["--endpoint", "chat"]
    ) async throws -> HostProcess {
        var options = VLLMSimulator.Options()
        options.respond = { $0.path == path ? response : nil }
        let simulator = try VLLMSimulator(options: options)
        return try await withTemporaryDirectory { home in
            try await HostProcess.run(["run", "--base-url", simulator.baseURL, "--set", "max_tokens=8", "Hi"] + arguments, home: home)
        }
    }

    @Test(
        "token counts beyond all bounds do not end the program",
        arguments: [
            #"{"prompt_tokens":9223372036854775807,"completion_tokens":2,"total_tokens":1}"#,
            #"{"prompt_tokens":-9223372036854775808,"completion_tokens":-1}"#,
        ])
    func usage(json: String) async throws {
        let run = try await Self.run("/v1/chat/completions", Self.chat(usage: json))
        #expect(run.code == 0)
        #expect(run.output == "Hi\n")
    }

    @Test("log-probabilities that are none do not end the program", arguments: ["1e6", "-1e308", "1e308", "0"])
    func logprob(number: String) async throws {
        let logprobs = #"{"content":[{"token":"Hi","logprob":\#(number),"top_logprobs":[]}]}"#
        let run = try await Self.run(
            "/v1/chat/completions", Self.chat(logprobs: logprobs), ["--endpoint", "chat", "--logprobs", "1"])
        #expect(run.code == 0)
        #expect(run.errors.contains("%\t\"Hi\""))
    }

    @Test("a Retry-After that is no time does not end the program", arguments: ["inf", "nan", "1e300", "-5", "99999999999999999999"])
    func retryAfter(value: String) async throws {
        var response = SimulatedResponse.json(["error": ["message": "Slow down."]], status: 429)
        response.headers.append(("Retry-After", value))
        #expect(try await Self.run("/v1/chat/completions", response, ["--endpoint", "chat", "--max-retries", "0"]).code == 75)
    }

    @Test("a context window that is none does not end the program", arguments: ["-9223372036854775808", "0", "9223372036854775807"])
    func contextWindow(number: String) async throws {
        let answer = SimulatedResponse.text(#"{"count":3,"max_model_len":\#(number),"tokens":[1,2,3]}"#, type: "application/json")
        let run = try await Self.run("/tokenize", answer, ["--endpoint", "completions"])
        #expect(run.code == 0)
    }
}
