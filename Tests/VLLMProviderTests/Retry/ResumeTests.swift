import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Answers that break off and go on", .timeLimit(.minutes(1)))
struct ResumeTests {
    private static let cut = [ScriptedExchange.Step.fail(TransportError(.connectionLost, "the connection broke"))]

    private func broken(_ deltas: JSONObject...) -> ScriptedExchange { .events(deltas.map { chatChunk($0) }, ending: Self.cut) }

    /// A server of chats: `/tokenize` counts words.
    private func transport(_ exchanges: [ScriptedExchange]) -> ScriptedTransport {
        let left = Guarded(exchanges)
        return ScriptedTransport(answering: { request throws(TransportError) in
            guard request.path == "/tokenize" else { return left.withLock { $0.isEmpty ? .hanging : $0.removeFirst() } }
            let body = try? JSONValue(parsing: request.body ?? [])
            let count = body?["prompt"]?.string?.split(separator: " ").count ?? 1
            return .json(["tokens": .array((0..<count).map { .integer($0) }), "count": .integer(count)])
        })
    }

    private func provider(_ transport: ScriptedTransport, _ settings: JSONObject = [:], events: EventCollector = EventCollector()) throws
        -> VLLMProvider
    {
        var all: JSONObject = ["use_completions": false, "max_retries": 2, "min_retry_delay": 0]
        all.merge(settings)
        return try VLLMProvider(all, transport: transport, events: events)
    }

    @Test("the answer goes on in the same block, without a lost or a repeated character")
    func joined() async throws {
        let transport = transport([
            broken(["reasoning": "I "], ["reasoning": "think."], ["content": "\n\nOnce "], ["content": "upon "]),
            .chat([["content": " a "], ["content": "time."]]),
        ])
        let events = EventCollector()
        let provider = try provider(transport, ["max_tokens": 100, "min_tokens": 5, "seed": 7], events: events)
        let answer = try await provider.ask("Tell me.", options: ["request_id": "call-1"])
        #expect(answer.thinking == "I think.")
        #expect(answer.text == "Once upon a time.")
        #expect(answer.metadata?["vllm:resume_count"] == 1)
        #expect(answer.degradation == nil)
        #expect(events.named("llm:stream_block_start").count == 2)
        #expect(events.named("llm:stream_aborted").isEmpty)
        let deltas = events.named("llm:stream_block_delta").filter { $0["block_index"] == 1 }
        #expect(deltas.map { $0["sequence"] } == (0..<deltas.count).map { .integer($0) })
        #expect(events.named("provider:retry").map { $0["resumed"] } == [true])
        let body = try #require(try transport.bodies("/v1/chat/completions").last)
        #expect(body["continue_final_message"] == true)
        #expect(body["add_generation_prompt"] == false)
        #expect(
            body["messages"]?.array?.last
                == ["role": "assistant", "content": "\n\nOnce upon", "reasoning": "I think.", "reasoning_content": "I think."])
        // What the model wrote is three words here: `<think>I think.</think>\n\nOnce upon`.
        #expect(body["max_tokens"] == 97)
        #expect(body["min_tokens"] == 2)
        #expect(body["seed"] == 7)
        #expect(transport.requests.last?.headers["X-Request-Id"] == "call-1-2")
    }

    @Test("a completion goes on behind its text, as tokens of the rendered prompt")
    func completion() async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            switch request.path {
            case "/tokenize": return .json(body.contains("messages") ? ["tokens": [1, 2], "count": 2] : ["tokens": [8, 9], "count": 2])
            case "/detokenize": return .json(["prompt": "assistant\n"])
            default: return body.contains("[1,2,8,9]") ? .completion([" upon"]) : .events([completionChunk("Once ")], ending: Self.cut)
            }
        })
        let provider = try provider(transport, ["use_completions": true, "max_tokens": 10])
        #expect(try await provider.ask("Tell me.").text == "Once upon")
        let bodies = try transport.bodies("/v1/completions")
        #expect(bodies.map { $0["max_tokens"] } == [10, 8])
        // For this alone no server has to tell its tokens.
        #expect(bodies.allSatisfy { $0["return_token_ids"] == nil })
        #expect(try transport.bodies("/tokenize").contains(["model": "m", "prompt": "Once", "add_special_tokens": false]))
    }

    @Test("tokens that the server tells are not told twice, nor those of text that it had not sent yet")
    func tokens() async throws {
        @Sendable func chunk(_ text: String, _ ids: [Int], _ reason: JSONValue = .null) -> String {
            let choice: JSONValue = [
                "index": 0, "text": .string(text), "token_ids": .array(ids.map { .integer($0) }), "finish_reason": reason,
            ]
            return (["id": "cmpl-1", "model": "m", "choices": [choice]] as JSONValue).text
        }
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            let body = String(decoding: request.body ?? [], as: UTF8.self)
            switch request.path {
            case "/tokenize": return .json(["tokens": [1, 2], "count": 2])
            case "/detokenize": return .json(["prompt": "assistant\n"])
            // The second byte of a character is still to come when it breaks off.
            default:
                return body.contains("[1,2,7,8]")
                    ? .events([chunk("", [20]), chunk("é", [21]), chunk("", [22], "stop"), "[DONE]"])
                    : .events([chunk("Caf", [7]), chunk(" ", [8]), chunk("", [20])], ending: Self.cut)
            }
        })
        let provider = try provider(transport, ["use_completions": true, "return_token_ids": true])
        let answer = try await provider.ask("Where?")
        #expect(answer.text == "Caf é")
        #expect(answer.tokenIDs == [[7, 8, 20, 21, 22]])
    }

    @Test("an answer that breaks off more than once goes on each time, as long as there are retries")
    func twice() async throws {
        let exchanges = [broken(["content": "One,"]), broken(["content": " two,"]), .chat([["content": " three."]])]
        let answer = try await provider(transport(exchanges)).ask("Count.")
        #expect(answer.text == "One, two, three.")
        #expect(answer.metadata?["vllm:resume_count"] == 2)
        let error = try #require(await provider(transport(exchanges), ["max_retries": 1]).failure())
        #expect(error.partialResponse?.text == "One, two,")
        #expect(error.message == "the connection broke; given up after 2 attempts")
    }

    @Test("where it cannot go on, the first error is reported with the part that came, and what was said to going on")
    func cannotResume() async throws {
        let refusal = ScriptedExchange.json(["error": ["message": "no such thing", "code": 400]], status: 400)
        let busy = ScriptedExchange.json(["error": ["message": "busy", "code": 503]], status: 503)
        let events = EventCollector()
        let error = try #require(
            await provider(transport([broken(["content": "One,"]), busy, refusal]), events: events).failure())
        #expect(error.code == .network)
        #expect(error.message == "the connection broke")
        #expect(error.partialResponse?.text == "One,")
        #expect(error.details["attempts"] == 3)
        #expect(error.details["resume_error"]?["type"] == "InvalidRequestError")
        #expect(error.details["resume_error"]?["status_code"] == 400)
        #expect(error.details["resume_error"]?["message"]?.string?.contains("no such thing") == true)
        #expect(events.named("llm:stream_aborted").count == 1)
    }

    private static let counting = "the server would count from where it goes on"
    private static let unknown = "it is not known to mean the same for the rest of an answer"

    @Test(
        "what cannot go on exactly is reported with the part that came, and why",
        arguments: [
            (["n": 2], "several answers are not continued"),
            (["response_format": ["type": "json_object"]], "an answer that is held to a shape is not continued"),
            (["structured_outputs": ["regex": "O.*"]], "an answer that is held to a shape is not continued"),
            (["include_reasoning": false], "the reasoning that the server keeps to itself cannot be given back to it"),
            (["truncate_prompt_tokens": 100], "a prompt that the server cuts would be cut elsewhere"),
            (["stop": ["e up"]], "the answer breaks off where a stop text may have begun"),
            (["stop": ["END"], "logprobs": 1], "with stop texts, the server tells tokens before their text"),
            (["dialect": "openai"], "the dialect openai cannot continue a message"),
            (["resume_stream": false], "resume_stream is off"),
            (["presence_penalty": 0.5, "frequency_penalty": 1], "frequency_penalty, presence_penalty: \(counting)"),
            (["thinking_token_budget": 10], "thinking_token_budget: \(counting)"),
            (["extra_body": ["top_k": 3, "shape": "x", "other": 1]], "extra_body.other, extra_body.shape: \(unknown)"),
        ] as [(JSONObject, String)])
    func obstacles(settings: JSONObject, reason: String) async throws {
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/tokenize"
                ? .json(["tokens": [1], "count": 1]) : .events([chatChunk(["content": "Once"])], ending: Self.cut)
        })
        var all: JSONObject = ["dialect": "0.32.0"]
        all.merge(settings)
        let error = try #require(await provider(transport, all).failure())
        #expect(error.partialResponse?.text == "Once", "\(error)")
        #expect(error.details["not_resumed"] == .string(reason))
        #expect(try transport.bodies("/v1/chat/completions").count == 1)
    }

    @Test("what means the same for each token keeps no answer from going on")
    func harmless() async throws {
        let settings: JSONObject = [
            "dialect": "0.32.0", "presence_penalty": 0, "frequency_penalty": 0, "extra_body": ["top_k": 3, "n": .null, "cache_salt": "x"],
        ]
        let transport = transport([broken(["content": "Once"]), .chat([["content": " more."]])])
        #expect(try await provider(transport, settings).ask("Again?").text == "Once more.")
    }

    /// A server of one broken chat and its rest, with `/tokenize` as scripted.
    private func chat(tokenizing: [ScriptedExchange]) -> ScriptedTransport {
        let chats = Guarded([broken(["content": "One,"]), .chat([["content": " two."]])])
        let counts = Guarded(tokenizing)
        return ScriptedTransport(answering: { request throws(TransportError) in
            request.path == "/tokenize" ? counts.withLock { $0.removeFirst() } : chats.withLock { $0.removeFirst() }
        })
    }

    @Test("what is left of max_tokens is not guessed: it is counted in another attempt, or the answer does not go on")
    func uncounted() async throws {
        let busy = ScriptedExchange.json(["error": ["message": "busy", "code": 503]], status: 503)
        let counted = chat(tokenizing: [busy, .json(["tokens": [1, 2], "count": 2])])
        #expect(try await provider(counted, ["max_tokens": 9]).ask("Count.").text == "One, two.")
        #expect(try counted.bodies("/v1/chat/completions").map { $0["max_tokens"] } == [9, 7])

        let uncounted = chat(tokenizing: [.json(["detail": "Not Found"], status: 404)])
        let error = try #require(await provider(uncounted, ["max_tokens": 9]).failure())
        #expect(error.message == "the connection broke")
        #expect(error.details["resume_error"]?["status_code"] == 404)
        #expect(try uncounted.bodies("/v1/chat/completions").count == 1)
    }

    @Test("usage counts what broke off, as far as anybody has counted it; else the answer says that it does not")
    func usage() async throws {
        let usage: JSONValue = ["prompt_tokens": 13, "completion_tokens": 4, "total_tokens": 17]
        let end: JSONValue = ["id": "chatcmpl-2", "model": "m", "choices": [], "usage": usage]
        let rest = [chatChunk(["content": " three."]), chatChunk([:], finishReason: "stop"), end.text, "[DONE]"]
        let exchanges = [broken(["content": "One,"]), broken(["content": " two,"]), .events(rest)]
        let counted = try await provider(transport(exchanges), ["max_tokens": 9]).ask("Count.")
        // The prompts have 11, 12 and 13 tokens, the parts 1, 1 and 4.
        #expect(counted.usage?.inputTokens == 36)
        #expect(counted.usage?.outputTokens == 6)
        #expect(counted.metadata?["vllm:usage_incomplete"] == nil)
        // Without the last part's, nobody knows how long the prompt is.
        let untold = [exchanges[0], .chat([["content": " two."]])]
        #expect(try await provider(transport(untold), ["max_tokens": 9]).ask("Count.").metadata?["vllm:usage_incomplete"] == true)
    }

    @Test("a call of a tool is not gone on with; an answer that offers tools and calls none is", arguments: [true, false])
    func tools(calls: Bool) async throws {
        let function: JSONValue = ["name": "get_weather", "arguments": "{\"loc"]
        let call: JSONObject = ["tool_calls": [["index": 0, "id": "c1", "type": "function", "function": function]]]
        let text: JSONObject = ["content": "I look"]
        let transport = transport([calls ? broken(text, call) : broken(text), .chat([["content": " it up."]])])
        var request = ChatRequest(messages: [.user("Weather?")])
        request.tools = [ToolSpec(name: "get_weather", parameters: [:])]
        let provider = try provider(transport)
        guard calls else {
            #expect(try await provider.complete(request).text == "I look it up.")
            return
        }
        let error = await thrown { () async throws(ProviderError) in _ = try await provider.complete(request) }
        #expect(error?.details["not_resumed"] == "the answer calls a tool")
        #expect(error?.partialResponse?.text == "I look")
        #expect(error?.partialResponse?.metadata?["incomplete_tool_calls"]?[0]?["name"] == "get_weather")
    }

    @Test("an answer whose end is told is complete, though its stream is not")
    func endIsThere() async throws {
        let deltas = [chatChunk(["content": "Four."]), chatChunk([:], finishReason: "stop")]
        let transport = transport([.events(deltas, ending: Self.cut)])
        let answer = try await provider(transport).ask("2+2?")
        #expect(answer.text == "Four.")
        #expect(answer.finishReason == "stop")
        #expect(transport.requests.count == 1)
    }

    @Test("an answer that breaks off behind its last token has its length, and nobody is asked for more")
    func lengthIsReached() async throws {
        let transport = transport([broken(["content": "One two three"])])
        let answer = try await provider(transport, ["max_tokens": 3]).ask("Count.")
        #expect(answer.text == "One two three")
        #expect(answer.finishReason == "length")
        #expect(try transport.bodies("/v1/chat/completions").count == 1)
        #expect(answer.metadata?["vllm:usage_incomplete"] == true)
    }

    @Test("errors within the stream are resumed as broken connections are; those that will not pass are not")
    func errorEvents() async throws {
        func failing(_ code: Int) -> ScriptedExchange {
            .events([
                chatChunk(["content": "One,"]), #"{"error": {"message": "EngineCore encountered an issue.", "code": \#(code)}}"#, "[DONE]",
            ])
        }
        #expect(try await provider(transport([failing(500), .chat([["content": " two."]])])).ask("Count.").text == "One, two.")
        let error = try #require(await provider(transport([failing(400)])).failure())
        #expect(error.code == .invalidRequest)
        #expect(error.partialResponse?.text == "One,")
    }
}
