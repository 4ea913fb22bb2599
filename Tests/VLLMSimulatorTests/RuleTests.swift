import JSON
import TestSupport
import Testing
import VLLMSimulator

@Suite("Rules of the real server that no recording shows alone")
struct RuleTests {
    private func client(_ change: (inout VLLMSimulator.Options) -> Void = { _ in }) throws -> Client {
        var options = VLLMSimulator.Options()
        change(&options)
        return Client(simulator: try VLLMSimulator(options: options))
    }

    private func weather(_ fields: JSONObject) throws -> JSONValue {
        var body = try #require(try Recording("tool_auto").requestJSON().object)
        body.merge(fields)
        return .object(body)
    }

    @Test("a tool call that the limit cuts is text, or streamed the beginning of a call, and the finish reason is length")
    func cutCall() async throws {
        let client = try client()
        let choice = try await client.json("/v1/chat/completions", weather(["max_tokens": 33]))["choices"]?[0]
        #expect(choice?["message"]?["content"]?.string?.hasPrefix("\n\n<tool_call>\n{\"name\": \"get_weather\"") == true)
        #expect(choice?["message"]?["tool_calls"] == nil)
        #expect(choice?["finish_reason"] == "length")
        let events = try await client.events("/v1/chat/completions", weather(["max_tokens": 34, "stream": true]))
        let calls = events.compactMap { try? JSONValue(parsing: $0)["choices"]?[0]?["delta"]?["tool_calls"]?[0]?["function"] }
        #expect(calls.first == ["name": "get_weather"])
        let arguments = calls.dropFirst().compactMap { $0["arguments"]?.string }.joined()
        #expect(!arguments.isEmpty)
        #expect("{\"location\": \"Paris\"}".hasPrefix(arguments))
        #expect(!arguments.hasSuffix("}"))
        let last = try JSONValue(parsing: try #require(events.dropLast().last))
        #expect(last["choices"]?[0]?["finish_reason"] == "length")
    }

    @Test("more tokens than there is room for are cut to the room")
    func room() async throws {
        let client = try client { $0.maxModelLength = 40 }
        let body: JSONValue = ["messages": [["role": "user", "content": "Tell me a long story."]], "max_tokens": 40]
        let usage = try await client.json("/v1/chat/completions", body)["usage"]
        #expect(usage?["total_tokens"] == 40)
    }

    @Test("each of several prompts has its own room")
    func rooms() async throws {
        let client = try client { $0.maxModelLength = 12 }
        let body: JSONValue = ["prompt": ["Once upon a time", "1, 2, 3, 4, 5"], "max_tokens": 12, "ignore_eos": true]
        let answer = try await client.json("/v1/completions", body)
        let prompts = try await ["Once upon a time", "1, 2, 3, 4, 5"].asyncMap {
            try await client.json("/tokenize", ["prompt": .string($0)])
        }
        let count = prompts.compactMap { $0["count"]?.int }.reduce(0, +)
        #expect(count == answer["usage"]?["prompt_tokens"]?.int)
        #expect(answer["usage"]?["total_tokens"] == 24)
    }

    @Test("a prompt of token ids that is too long is told exactly")
    func longTokens() async throws {
        let client = try client { $0.maxModelLength = 4 }
        let body: JSONValue = ["prompt": [24, 24, 24, 24, 24, 24], "max_tokens": 1]
        let message = try await client.json("/v1/completions", body)["error"]?["message"]?.string
        #expect(message?.contains("contains 6 input tokens, which exceeds") == true)
    }

    @Test("without the reasoning neither log-probabilities nor token ids are told", arguments: [true, false])
    func hiddenReasoning(stream: Bool) async throws {
        let body: JSONValue = [
            "messages": [["role": "user", "content": "What is 2+2?"]], "include_reasoning": false, "logprobs": true,
            "return_token_ids": true,
            "stream": .bool(stream),
        ]
        let client = try client()
        let texts =
            stream
            ? try await client.events("/v1/chat/completions", body).dropLast() : [try await client.json("/v1/chat/completions", body).text]
        for text in texts {
            let choice = try JSONValue(parsing: text)["choices"]?[0]
            #expect(choice?["logprobs"] == .null)
            #expect(choice?["token_ids"] ?? .null == .null)
        }
    }

    @Test(
        "a token that completes a character shows the text of the token that began it, too",
        arguments: [("日本の首都はどこですか？", "東京"), ("Send me some emoji.", " 🚀"), ("Write some accents.", "fé")])
    func splitCharacters(question: String, whole: String) async throws {
        let body: JSONValue = ["messages": [["role": "user", "content": .string(question)]], "logprobs": true]
        let logprobs = try await client().json("/v1/chat/completions", body)["choices"]?[0]?["logprobs"]?["content"]?.array
        let tokens = (logprobs ?? []).compactMap { $0["token"]?.string }
        let place = try #require(tokens.firstIndex(of: whole))
        #expect(tokens[place - 1] == "")
    }

    @Test("a stream counts no token as reasoning that ends inside a character")
    func streamedReasoningCount() async throws {
        let body: JSONObject = ["messages": [["role": "user", "content": "日本の首都はどこですか？"]]]
        let whole = try await client().json("/v1/chat/completions", .object(body))["usage"]?["completion_tokens_details"]
        #expect(whole == ["reasoning_tokens": 6])
        var streamed = body
        streamed.merge(["stream": true, "stream_options": ["include_usage": true]])
        let events = try await client().events("/v1/chat/completions", .object(streamed))
        let last = try JSONValue(parsing: try #require(events.dropLast().last))
        #expect(last["usage"]?["completion_tokens_details"] == ["reasoning_tokens": 5])
    }

    @Test("a model that is not served is refused with the names of those that are", arguments: [["tiny-chat"], ["tiny-chat", "tiny"]])
    func unknownModel(models: [String]) async throws {
        let error = try await client { $0.models = models }.json("/v1/completions", ["model": "nope", "prompt": "Hi"])["error"]
        #expect(error?["message"]?.string == "The model `nope` does not exist. Valid aliases: \(models.joined(separator: ", ")).")
    }

    @Test("the same seed flips the coin the same way, and the log-probabilities show both sides")
    func coin() async throws {
        let client = try client()
        func flip(_ seed: Int) async throws -> JSONValue? {
            let body: JSONValue = [
                "messages": [["role": "user", "content": "Flip a coin."]], "temperature": 1, "seed": .integer(seed), "logprobs": true,
                "top_logprobs": 2, "chat_template_kwargs": ["enable_thinking": false],
            ]
            return try await client.json("/v1/chat/completions", body)["choices"]?[0]
        }
        var seen: Set<String> = []
        for seed in 0..<12 {
            let (first, second) = (try await flip(seed), try await flip(seed))
            #expect(first == second)
            seen.insert(first?["message"]?["content"]?.string ?? "")
            let tops = first?["logprobs"]?["content"]?[0]?["top_logprobs"]
            #expect(Set([tops?[0]?["token"]?.string, tops?[1]?["token"]?.string]) == ["H", "T"])
        }
        #expect(seen == ["Heads", "Tails"])
    }

    @Test("the server without a reasoning parser still streams what its tool parser takes apart")
    func toolParserAlone() async throws {
        let client = try client { $0.reasoningParser = false }
        let choice = try await client.json("/v1/chat/completions", weather([:]))["choices"]?[0]
        #expect(choice?["message"]?["tool_calls"]?[0]?["function"]?["name"] == "get_weather")
        #expect(choice?["message"]?["content"]?.string?.hasPrefix("<think>\n") == true)
        #expect(choice?["message"]?["reasoning"] == .null)
    }
}

extension Array {
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
