import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider

@Suite("Answers that go on with a message that the host had begun", .timeLimit(.minutes(2)))
struct BegunMessageTests {
    private func ask(_ begun: String, _ options: JSONObject = [:], of transport: ScriptedTransport, streams: Bool = true) async throws
        -> ChatResponse
    {
        let provider = try VLLMProvider(["use_completions": false, "use_streaming": .bool(streams)], transport: transport)
        var all: JSONObject = ["continue_final_message": true]
        all.merge(options)
        let request = ChatRequest(messages: [.user("Count."), Message(role: .assistant, content: .text(begun))])
        return try await provider.complete(request, options: all)
    }

    /// An answer as the server gives it, streamed or in one piece.
    private static func answer(_ delta: JSONObject, echo: String? = nil, _ reason: JSONValue, streams: Bool) -> ScriptedExchange {
        if streams { return .chat((echo.map { [["content": .string($0)]] } ?? []) + [delta], finishReason: reason) }
        var message = delta
        if let echo { message["content"] = .string(echo + (delta["content"]?.string ?? "")) }
        let usage: JSONValue = [
            "prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12, "completion_tokens_details": ["reasoning_tokens": 3],
        ]
        let choice: JSONValue = ["index": 0, "message": .object(message), "finish_reason": reason]
        return .json(["id": "chatcmpl-1", "model": "m", "choices": [choice], "usage": usage])
    }

    private static func lastMessage(_ transport: ScriptedTransport) throws -> JSONValue? {
        try transport.bodies("/v1/chat/completions").last?["messages"]?.array?.last
    }

    @Test("what the server takes for reasoning is the text that goes on, in one round as in two", arguments: [true, false], [0, 1])
    func takenForThought(streams: Bool, continuation: Int) async throws {
        var rounds = [Self.answer(["reasoning": " 4, 5"], continuation == 0 ? "stop" : "length", streams: streams)]
        if continuation > 0 { rounds.append(Self.answer(["reasoning": ", 6"], "stop", streams: streams)) }
        let transport = ScriptedTransport(rounds)
        let response = try await ask("1, 2, 3,", ["continuation": .integer(continuation)], of: transport, streams: streams)
        #expect(response.text == (continuation == 0 ? " 4, 5" : " 4, 5, 6"))
        #expect(response.thinking.isEmpty)
        #expect(response.degradation == nil)
        if !streams { #expect(response.usage?.reasoningTokens == 0) }
        #expect(try Self.lastMessage(transport) == ["role": "assistant", "content": continuation == 0 ? "1, 2, 3," : "1, 2, 3, 4, 5"])
    }

    @Test("a thought that was begun goes on until it is over, and is then told apart", arguments: [true, false])
    func begunThought(streams: Bool) async throws {
        let transport = ScriptedTransport([
            Self.answer(["reasoning": " from"], "length", streams: streams),
            Self.answer(["reasoning": " 1.\n", "content": "\n\n1,"], "length", streams: streams),
            Self.answer([streams ? "content" : "reasoning": " 2"], "stop", streams: streams),
        ])
        let response = try await ask("<think>\nI count", ["continuation": 9], of: transport, streams: streams)
        #expect(response.thinking == " from 1.")
        #expect(response.text == "1, 2")
        if !streams { #expect(response.usage?.reasoningTokens == 6) }
        let messages = try transport.bodies("/v1/chat/completions").map { $0["messages"]?.array?.last }
        #expect(
            messages == [
                ["role": "assistant", "content": "<think>\nI count"], ["role": "assistant", "content": "<think>\nI count from"],
                [
                    "role": "assistant", "content": "\n\n1,", "reasoning": "\nI count from 1.\n",
                    "reasoning_content": "\nI count from 1.\n",
                ],
            ])
    }

    @Test("the echo of the message stands before the answer, and is not sent twice", arguments: [true, false], ["content", "reasoning"])
    func echo(streams: Bool, field: String) async throws {
        let transport = ScriptedTransport([
            Self.answer([field: " two,"], echo: "One,", "length", streams: streams),
            Self.answer([field: " three."], "stop", streams: streams),
        ])
        let response = try await ask("One,", ["echo": true, "continuation": 1], of: transport, streams: streams)
        #expect(response.text == "One, two, three.")
        #expect(try Self.lastMessage(transport) == ["role": "assistant", "content": "One, two,"])
        let bodies = try transport.bodies("/v1/chat/completions")
        #expect(bodies.map { $0["echo"] } == [true, nil])
        #expect(bodies.map { $0["messages"]?.array?.count } == [2, 2])
    }

    @Test("reasoning that is left out is left out here: the server would leave out text with it")
    func withoutReasoning() async throws {
        let transport = ScriptedTransport([Self.answer(["reasoning": " 4, 5"], "stop", streams: true)])
        let response = try await ask("1, 2, 3,", ["include_reasoning": false], of: transport)
        #expect(response.text == " 4, 5")
        #expect(try transport.bodies("/v1/chat/completions")[0]["include_reasoning"] == nil)
    }

    @Test("a round that adds nothing to the message is the last one")
    func noProgress() async throws {
        let transport = ScriptedTransport([Self.answer(["content": "\n"], "length", streams: true)])
        let response = try await ask("One,", ["continuation": 3], of: transport)
        #expect(response.degradation?.reason == "the model added nothing")
        #expect(try transport.bodies("/v1/chat/completions").count == 1)
    }
}
