import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("Long answers", .timeLimit(.minutes(2)))
struct LongAnswerTests {
    /// What is the same of an answer in one round and in several: its blocks, and whether it is complete.
    private func ask(
        _ question: String, _ mode: CallMode, _ options: JSONObject, of simulator: VLLMSimulator, events: any EventSink = NoEvents()
    ) async throws -> ChatResponse {
        try await VLLMProvider(mode.settings, of: simulator, events: events).ask(question, options: options)
    }

    @Test(
        "an answer in many rounds is the answer that one long round gives: the same blocks, one start and one end each",
        arguments: CallMode.all, [(3, true), (5, true), (7, false), (20, true), (20, false)])
    func joined(mode: CallMode, cut: (maxTokens: Int, thinks: Bool)) async throws {
        let simulator = try VLLMSimulator()
        let template: JSONObject = ["chat_template_kwargs": ["enable_thinking": .bool(cut.thinks)]]
        let whole = try await ask("Count from 1 to 40.", mode, template, of: simulator)
        var options = template
        options["max_tokens"] = .integer(cut.maxTokens)
        options["continuation"] = 100
        let events = EventCollector()
        let joined = try await ask("Count from 1 to 40.", mode, options, of: simulator, events: events)
        #expect(joined.content == whole.content)
        #expect(joined.finishReason == "stop")
        #expect(joined.degradation == nil)
        let rounds = try #require(joined.metadata?["vllm:continuation_count"]?.int)
        #expect(rounds > 4)
        let told = events.named("provider:incomplete_continuation")
        #expect(told.map { $0["continuation_number"] } == (1...rounds).map { .integer($0) })
        #expect(told.allSatisfy { $0["reason"] == "length" && $0["max_attempts"] == 100 && $0["response_id"] != nil })
        #expect(events.named("llm:response").map { $0["continuation_count"] } == [.integer(rounds)])
        if mode.streams { #expect(events.named("llm:stream_block_start").count == whole.content.count) }
        guard mode.endpoint == "completions" else { return }
        // Each round's prompt counts: the first one's, and what was generated since.
        #expect(joined.usage?.outputTokens == whole.usage?.outputTokens)
        let prompt = try #require(whole.usage?.inputTokens)
        #expect(joined.usage?.inputTokens == (rounds + 1) * prompt + cut.maxTokens * rounds * (rounds + 1) / 2)
    }

    @Test("tokens with their log-probabilities are those of one long answer", arguments: CallMode.all)
    func logprobs(mode: CallMode) async throws {
        let simulator = try VLLMSimulator()
        let whole = try await ask("Count from 1 to 40.", mode, ["logprobs": 0], of: simulator)
        let joined = try await ask("Count from 1 to 40.", mode, ["logprobs": 0, "max_tokens": 20, "continuation": 9], of: simulator)
        #expect(joined.logprobs?.map(\.token) == whole.logprobs?.map(\.token))
        // Ids that only the provider needs are not told.
        #expect(joined.promptTokenIDs == nil)
    }

    @Test("true means five more rounds; what is cut then says so by its finish reason", arguments: CallMode.all)
    func limit(mode: CallMode) async throws {
        let simulator = try VLLMSimulator()
        let answer = try await ask("Tell me a long story.", mode, ["max_tokens": 9, "continuation": true], of: simulator)
        #expect(answer.finishReason == "length")
        #expect(answer.metadata?["vllm:continuation_count"] == 5)
        #expect(answer.usage?.outputTokens == 54)
        #expect(simulator.requests.count { $0.path.hasSuffix("/completions") } == 6)
    }

    @Test(
        "without continuation a cut answer is one round, and says that it is cut",
        arguments: [[:], ["continuation": false]] as [JSONObject])
    func off(options: JSONObject) async throws {
        let simulator = try VLLMSimulator()
        var options = options
        options["max_tokens"] = 9
        let answer = try await ask("Tell me a long story.", CallMode.all[0], options, of: simulator)
        #expect(answer.finishReason == "length")
        #expect(answer.metadata?["vllm:continuation_count"] == nil)
        #expect(answer.degradation == nil)
    }

    @Test("the next round of a chat is the begun turn, its reasoning told apart, without white space at its end")
    func chatRound() async throws {
        let transport = ScriptedTransport([
            .chat([["reasoning": "\nI think.\n"], ["content": "\n\nOnce "]], finishReason: "length"), .chat([["content": " upon a time."]]),
        ])
        let answer = try await VLLMProvider(["use_completions": false, "continuation": 1], transport: transport).ask("Tell me.")
        #expect(answer.text == "Once upon a time.")
        #expect(answer.thinking == "I think.")
        let bodies = try transport.bodies("/v1/chat/completions")
        #expect(bodies.last?["add_generation_prompt"] == false)
        #expect(bodies.last?["continue_final_message"] == true)
        #expect(
            bodies.last?["messages"] == [
                ["role": "user", "content": "Tell me."],
                ["role": "assistant", "content": "\n\nOnce", "reasoning": "\nI think.\n", "reasoning_content": "\nI think.\n"],
            ])
        #expect(bodies.first?["continue_final_message"] == nil)
    }

    @Test("a thought that is cut is sent with its tag, since a template would close it")
    func cutThought() async throws {
        let transport = ScriptedTransport([
            .chat([["reasoning": "\nI "]], finishReason: "length"), .chat([["reasoning": " think."], ["content": "Yes."]]),
        ])
        let answer = try await VLLMProvider(["use_completions": false, "continuation": 1], transport: transport).ask("Tell me.")
        #expect(answer.thinking == "I think.")
        #expect(answer.text == "Yes.")
        let message = try transport.bodies("/v1/chat/completions").last?["messages"]?.array?.last
        #expect(message == ["role": "assistant", "content": "<think>\nI"])
    }

    @Test("an answer in one piece whose text has begun is no thought, whatever the server says")
    func takenForThought() async throws {
        func answer(_ message: JSONValue, _ reason: JSONValue) -> ScriptedExchange {
            .json(["id": "chatcmpl-1", "model": "m", "choices": [["index": 0, "message": message, "finish_reason": reason]]])
        }
        let transport = ScriptedTransport([
            answer(["reasoning": "Hm.", "content": "One,"], "length"), answer(["reasoning": " two.", "content": .null], "stop"),
        ])
        let settings: JSONObject = ["use_completions": false, "use_streaming": false, "continuation": 1]
        let response = try await VLLMProvider(settings, transport: transport).ask("Count.")
        #expect(response.text == "One, two.")
        #expect(response.thinking == "Hm.")
    }

    @Test("the next round of a completion is prompt and answer, token by token, and nobody sees the tokens who did not ask for them")
    func completionRound() async throws {
        func chunk(_ text: String, _ ids: [Int], _ reason: JSONValue) -> String {
            let choice: JSONValue = [
                "index": 0, "text": .string(text), "token_ids": .array(ids.map { .integer($0) }), "finish_reason": reason,
            ]
            return (["id": "cmpl-1", "model": "m", "choices": [choice]] as JSONValue).text
        }
        let rounds = [
            ScriptedExchange.events([chunk("Once", [7], .null), chunk(" ", [8, 9], "length"), "[DONE]"]),
            .events([chunk("upon", [10], "stop"), "[DONE]"]),
        ]
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/tokenize": .json(["tokens": [1, 2, 3], "count": 3])
            case "/detokenize": .json(["prompt": "assistant\n"])
            default: request.body.map { String(decoding: $0, as: UTF8.self).contains("[1,2,3,7") } == true ? rounds[1] : rounds[0]
            }
        })
        let answer = try await VLLMProvider(["continuation": 1], transport: transport).ask("Tell me.")
        #expect(answer.text == "Once upon")
        #expect(!answer.json.text.contains("token_ids"))
        let bodies = try transport.bodies("/v1/completions")
        #expect(bodies.map { $0["prompt"] } == [[1, 2, 3], [1, 2, 3, 7, 8, 9]])
        #expect(bodies.allSatisfy { $0["return_token_ids"] == true })
    }

    @Test("an older server that tells no tokens cuts the answer's text into them; a plain prompt grows by the text")
    func withoutTokenIDs() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            switch request.path {
            case "/tokenize": return .json(body.contains("messages") ? ["tokens": [1, 2], "count": 2] : ["tokens": [5], "count": 1])
            case "/detokenize": return .json(["prompt": "assistant\n"])
            default:
                let isNext = body.contains("[1,2,5]") || body.contains("Once")
                return isNext ? .completion([" upon"]) : .completion(["Once"], finishReason: "length")
            }
        })
        let provider = try VLLMProvider(["continuation": 1], transport: transport)
        #expect(try await provider.ask("Tell me.").text == "Once upon")
        #expect(try transport.bodies("/tokenize").last == ["model": "m", "prompt": "Once", "add_special_tokens": false])
        #expect(try await provider.ask("Tell me.", options: ["prompt_format": "plain"]).text == "Once upon")
        #expect(try transport.bodies("/v1/completions").last?["prompt"] == "[USER]\nTell me.\n\n[ASSISTANT]\nOnce")
    }
}
