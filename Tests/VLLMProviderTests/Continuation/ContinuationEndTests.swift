import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Where continuation ends", .timeLimit(.minutes(2)))
struct ContinuationEndTests {
    private func provider(_ transport: ScriptedTransport, _ settings: JSONObject = [:], events: any EventSink = NoEvents()) throws
        -> VLLMProvider
    {
        var all: JSONObject = ["use_completions": false, "continuation": 3]
        all.merge(settings)
        return try VLLMProvider(all, transport: transport, events: events)
    }

    private static let cut = ScriptedExchange.chat([["content": "Once upon"]], finishReason: "length")

    @Test(
        "a round that fails leaves the answer as far as it came, and says why: nothing is lost",
        arguments: [
            ScriptedExchange.json(["error": ["message": "The engine is busy.", "code": 503]], status: 503),
            .events([chatChunk(["content": " a"]), #"{"error": {"message": "The engine is busy.", "code": 503}}"#, "[DONE]"]),
            .failing(TransportError(.connectionLost, "The engine is busy.")),
        ])
    func failure(round: ScriptedExchange) async throws {
        let events = EventCollector()
        let answer = try await provider(ScriptedTransport([Self.cut, round]), events: events).ask("Tell me.")
        #expect(answer.text.hasPrefix("Once upon"))
        #expect(answer.finishReason == "length")
        #expect(answer.degradation?.requested == "continuation: 3")
        #expect(answer.degradation?.actual == "1 continuation")
        #expect(answer.degradation?.reason.contains("The engine is busy.") == true)
        #expect(answer.metadata?["vllm:continuation_count"] == 1)
        #expect(events.named("llm:response").map { $0["status"] } == ["ok"])
        #expect(events.named("llm:stream_block_end").count == 1)
    }

    @Test("the first round's failure is the call's")
    func firstRound() async throws {
        let lost = ScriptedExchange.events([chatChunk(["content": "Once"])], ending: [.fail(TransportError(.connectionLost, "gone"))])
        #expect(await (try provider(ScriptedTransport([lost]))).failure()?.code == .network)
    }

    @Test("a cancelled call is cancelled, also between rounds")
    func cancelled() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            String(decoding: request.body ?? [], as: UTF8.self).contains("continue_final_message") ? .hanging : Self.cut
        })
        let provider = try provider(transport)
        let call = Task { () async -> ProviderError? in await provider.failure("Tell me.") }
        while transport.requests.count < 2 { await Task.yield() }
        call.cancel()
        let error = await call.value
        #expect(error?.code == .cancelled)
        #expect(error?.partialResponse?.text == "Once upon")
    }

    @Test("a round that adds nothing is the last one")
    func noProgress() async throws {
        let answer = try await provider(ScriptedTransport([Self.cut, .chat([["content": "\n"]], finishReason: "length")])).ask("Tell me.")
        #expect(answer.text == "Once upon")
        #expect(answer.degradation?.reason == "the model added nothing")
    }

    @Test("a window that is full ends it, with the numbers")
    func fullWindow() async throws {
        var options = VLLMSimulator.Options()
        options.maxModelLength = 64
        let simulator = try VLLMSimulator(options: options)
        for mode in CallMode.all {
            let answer = try await VLLMProvider(mode.settings, of: simulator)
                .ask("Count from 1 to 40.", options: ["max_tokens": 20, "continuation": 9])
            #expect(answer.finishReason == "length")
            #expect(answer.text.hasPrefix("1, 2, 3, 4"))
            #expect(answer.degradation?.reason.contains("the context window of tiny-chat is 64 tokens") == true)
        }
    }

    @Test("several answers and answers that are held to a shape are not continued, which is said where they are cut")
    func obstacles() async throws {
        let cases: [(JSONObject, String)] = [
            (["n": 2], "several answers are not continued"),
            (["structured_outputs": ["regex": "a+"]], "an answer that is held to a shape is not continued"),
            (["response_format": ["type": "json_object"]], "an answer that is held to a shape is not continued"),
        ]
        for (options, reason) in cases {
            let transport = ScriptedTransport(answering: { request throws(TransportError) in
                request.path == "/version" ? .json(["version": "0.32.0"]) : Self.cut
            })
            let answer = try await provider(transport).ask("Tell me.", options: options)
            #expect(answer.finishReason == "length")
            #expect(answer.text == "Once upon")
            #expect(answer.degradation?.json == ["requested": "continuation: 3", "actual": "no continuation", "reason": .string(reason)])
            #expect(try transport.bodies("/v1/chat/completions").count == 1)
        }
        let complete = try await provider(ScriptedTransport([.chat([["content": "Yes."]])])).ask("Tell me.", options: ["n": 2])
        #expect(complete.degradation == nil)
    }

    @Test("an answer that is cut in a tool call, or behind one, is not continued", arguments: [true, false])
    func toolCalls(isParsed: Bool) async throws {
        let function: JSONValue = ["name": "get_weather", "arguments": "{\"loc"]
        let parsed: JSONObject = ["tool_calls": [["index": 0, "id": "c1", "type": "function", "function": function]]]
        let raw: JSONObject = ["content": "\n\n<tool_call>\n{\"name\": \"get_weather\""]
        let transport = ScriptedTransport([.chat([isParsed ? parsed : raw], finishReason: "length")])
        var request = ChatRequest(messages: [.user("Weather?")])
        request.tools = [ToolSpec(name: "get_weather", parameters: [:])]
        let answer = try await provider(transport).complete(request)
        #expect(answer.finishReason == "length")
        let reason = isParsed ? "the answer calls a tool" : "the answer ends inside a tool call"
        #expect(answer.degradation?.reason == reason)
        #expect(transport.requests.count == 1)
    }

    @Test(
        "how often is a number from 0 to 100, or yes or no",
        arguments: [("101", false), ("-1", false), ("often", false), ("100", true), ("yes", true)])
    func setting(text: String, isTaken: Bool) throws {
        var taken = true
        do { _ = try VLLMProvider(["continuation": .string(text)], transport: ScriptedTransport([])) } catch { taken = false }
        #expect(taken == isTaken)
    }
}
