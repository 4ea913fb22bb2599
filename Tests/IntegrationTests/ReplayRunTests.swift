import Foundation
import JSON
import TestSupport
import Testing

extension RealServer {
    @Suite("vllm-host replay run")
    struct ReplayRunTests {
        private static let raw = ["--set", "debug=true", "--set", "raw_debug=true", "--set", "logprobs=5", "-t", "0"]
        private static let questions = [
            "What is the capital of France?", "What is the capital of Germany?", "What is the capital of Japan?", "Hello!",
        ]

        private func host(_ arguments: [String], input: String = "", home: String) async throws -> HostProcess {
            let environment = RealServer.apiKey.map { ["VLLM_API_KEY": $0] } ?? [:]
            return try await HostProcess.run(
                arguments + ["--base-url", try RealServer.url], input: input, environment: environment, home: home)
        }

        @Test(
            "a session at temperature 0 is answered the same again, and a changed answer is found, with the exit code 3",
            arguments: ["chat", "completions"])
        func conversation(endpoint: String) async throws {
            try await withTemporaryDirectory { home in
                let chat = try await host(
                    ["chat", "--endpoint", endpoint] + Self.raw, input: Self.questions.joined(separator: "\n/new\n") + "\n", home: home)
                try #require(chat.code == 0, "\(chat.errors)")
                let log = try #require(try logs(home).first)
                let same = try await host(["replay", "run", log, "--json", "--max-logprob-drift", "0.1", "--max-kl", "0.01"], home: home)
                #expect(same.code == 0, "\(same.output)")
                let json = try same.json()
                #expect(json["summary"]?["calls"]?.int == Self.questions.count)
                #expect(json["summary"]?["mean_similarity"] == 1.0)
                #expect(json["summary"]?["logprob_drift"]?["count"]?.int ?? 0 > 50)

                try change(log, "Berlin.", "Bonn.")
                let different = try await host(["replay", "run", log], home: home)
                #expect(different.code == 3)
                #expect(different.output.contains("The capital of Germany is [-Bonn-]{+Berlin+}."))
                #expect(different.output.hasSuffix("different: 3 of 4 calls the same, 1 differ (text 1)\n"))
                let recorded = try #require(json["new"]?["log"]?.string)
                let diff = try await HostProcess.run(["replay", "diff", recorded, log], home: home)
                #expect(diff.code == 3)
                #expect(diff.output.contains("[-Berlin-]{+Bonn+}"))
            }
        }

        @Test("calls of tools are compared, and no tool is run", arguments: ["chat", "completions"])
        func tools(endpoint: String) async throws {
            try await withTemporaryDirectory { home in
                var tool = Dialogue.tools.first { $0["function"]?["name"] == "get_weather" } ?? [:]
                tool["command"] = ["sh", "-c", #"echo run >> runs; echo '{"temperature": 18, "condition": "sunny"}'"#]
                try writeFile(home + "/weather.json", JSONValue.object(tool).text.utf8)
                let arguments = ["run", "--endpoint", endpoint, "-q", "--tool", "weather.json", "What is the weather in Paris?"]
                #expect(try await host(arguments + Self.raw, home: home).output == "It is sunny and 18°C in Paris.\n")
                let log = try #require(try logs(home).first)
                let same = try await host(["replay", "run", log], home: home)
                #expect(same.code == 0, "\(same.output)")
                #expect(same.output.hasSuffix("same: 2 of 2 calls the same\n"))
                try change(log, "Paris", "Lyon")
                let different = try await host(["replay", "run", log, "--only", "1"], home: home)
                #expect(different.code == 3)
                #expect(different.output.contains(#"[-"Lyon"-] → {+"Paris"+}"#))
                #expect(try fileText(home + "/runs") == "run\n")
            }
        }

        private func logs(_ home: String) throws -> [String] {
            try FileManager.default.subpathsOfDirectory(atPath: home + "/.amplifier").filter { $0.hasSuffix("/events.jsonl") }
                .map { home + "/.amplifier/" + $0 }
        }

        /// Changes what a log says was answered.
        private func change(_ log: String, _ old: String, _ new: String) throws {
            let lines = try fileText(log).split(separator: "\n").map { line in
                line.contains("\"llm:response:raw\"") ? line.replacingOccurrences(of: old, with: new) : String(line)
            }
            try lines.map { $0 + "\n" }.joined().write(toFile: log, atomically: true, encoding: .utf8)
        }
    }
}
