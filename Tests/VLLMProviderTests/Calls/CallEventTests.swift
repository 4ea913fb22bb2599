import HTTPTransport
import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMProvider
import VLLMSimulator

@Suite("The events of a call", .timeLimit(.minutes(2)))
struct CallEventTests {
    /// The names of events, runs of deltas as one.
    private func outline(_ events: EventCollector) -> [String] {
        events.all.reduce(into: []) { names, event in
            let index = event.data["block_index"]?.int
            let kind = event.data["block_type"]?.string
            let name = event.name.replacing("llm:stream_", with: "") + (index.map { " \($0) \(kind ?? "")" } ?? "")
            if names.last != name { names.append(name) }
        }
    }

    @Test(
        "a streamed call tells request, each block and response, all with one request_id, which the server gets too",
        arguments: ["chat", "completions"])
    func streamed(endpoint: String) async throws {
        let events = EventCollector()
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        let provider = try VLLMProvider(CallMode(endpoint: endpoint, streams: true).settings, of: simulator, events: events)
        let request = ChatRequest(
            messages: [.system("Be brief."), .user("Explain, then check the weather in Rome.")],
            tools: Dialogue.tools.map(ToolSpec.init(openAI:)))
        _ = try await provider.complete(request)
        #expect(
            outline(events) == [
                "llm:request", "block_start 0 thinking", "block_delta 0 thinking", "block_end 0 thinking",
                "block_start 1 text", "block_delta 1 text", "block_end 1 text", "block_start 2 tool_use", "block_end 2 tool_use",
                "llm:response",
            ])
        let ids = Set(events.all.map { $0.data["request_id"]?.string })
        #expect(ids.count == 1 && ids.first??.count == 36)
        #expect(simulator.requests.last?.header("x-request-id") == ids.first)
        for event in events.all {
            #expect(event.data["provider"] == "vllm")
            #expect(event.data["model"] == "tiny-chat")
        }

        let first = try #require(events.named("llm:request").first)
        #expect(first["endpoint"]?.string == endpoint)
        #expect(first["message_count"] == 2)
        #expect(first["has_instructions"] == true)
        #expect(first["tool_count"] == 4)
        #expect(first["stream"] == true)

        #expect(events.named("llm:stream_block_start").map { $0["name"] } == [nil, nil, "get_weather"])
        let deltas = events.named("llm:stream_block_delta")
        for (index, text) in ["I need a tool for this.", "Let me check the weather in Rome."].enumerated() {
            let own = deltas.filter { $0["block_index"]?.int == index }
            let sequences = own.map { $0["sequence"]?.int }
            #expect(sequences == Array(own.indices))
            let joined = own.compactMap { $0["text"]?.string }.joined()
            #expect(joined == text)
            #expect(own.allSatisfy { $0["text"] != "" } && !own.isEmpty)
        }

        let last = try #require(events.named("llm:response").first)
        #expect(last["status"] == "ok")
        #expect(last["finish_reason"] == "tool_calls")
        #expect((last["duration_ms"]?.int ?? -1) >= (last["time_to_first_token_ms"]?.int ?? .max))
        let usage = try #require(last["usage"]?.object)
        #expect((usage["input_tokens"]?.int ?? 0) > 0 && (usage["output_tokens"]?.int ?? 0) > 0)
        #expect(usage["cost_usd"]?.isNull == true)
        for forbidden in ["input", "output", "completion_tokens", "prompt_tokens"] { #expect(usage[forbidden] == nil) }
    }

    @Test("a call that is not streamed tells request and response only", arguments: ["chat", "completions"])
    func whole(endpoint: String) async throws {
        let events = EventCollector()
        let provider = try VLLMProvider(
            CallMode(endpoint: endpoint, streams: false).settings, of: try DialogueTests.simulator.get(), events: events)
        _ = try await provider.ask("What is 2+2?")
        #expect(events.all.map(\.name) == ["llm:request", "llm:response"])
        #expect(events.named("llm:request").first?["stream"] == false)
    }

    @Test("events that nobody wants are not made")
    func unwanted() async throws {
        let events = EventCollector(unwanted: ["llm:stream_block_delta", "llm:request"])
        let provider = try VLLMProvider(["use_completions": false], of: try DialogueTests.simulator.get(), events: events)
        _ = try await provider.ask("What is 2+2?")
        #expect(!events.all.isEmpty)
        #expect(!events.all.contains { ["llm:stream_block_delta", "llm:request"].contains($0.name) })
    }

    @Test("the instance's name is in every event, the session's id in every request")
    func instance() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.chat([["content": "4"]])])
        let provider = try VLLMProvider(
            ["use_completions": false], transport: transport, events: events, sessionID: "s-1", instanceID: "big")
        _ = try await provider.ask("What is 2+2?")
        #expect(events.all.count == 5)
        #expect(events.all.allSatisfy { $0.data["instance_id"] == "big" })
        #expect(transport.requests.first?.headers["x-session-id"] == "s-1")
    }

    @Test("a failed call tells the error's class, status and whether a retry may help")
    func failed() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.json(["error": ["message": "busy", "code": 503]], status: 503)])
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events)
        #expect(await provider.failure()?.code == .unavailable)
        #expect(events.all.map(\.name) == ["llm:request", "llm:response"])
        let response = try #require(events.named("llm:response").first)
        #expect(response["status"] == "error")
        #expect(response["error_type"] == "ProviderUnavailableError")
        #expect(response["error"]?.string?.contains("busy") == true)
        #expect(response["status_code"] == 503)
        #expect(response["retryable"] == true)
    }

    @Test("a stream that breaks off tells that it was aborted, then the error")
    func aborted() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.events([chatChunk(["content": "Hal"])])])
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events)
        _ = await provider.failure()
        #expect(outline(events) == ["llm:request", "block_start 0 text", "block_delta 0 text", "aborted", "llm:response"])
        #expect(events.named("llm:stream_aborted").first?["error"]?["type"] == "StreamError")
        let ids = Set(events.all.map { $0.data["request_id"]?.string })
        #expect(ids.count == 1)
    }

    @Test("a stream that nobody reads to its end tells that the call was cancelled, and closes the connection")
    func dropped() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.events([chatChunk(["content": "Hal"])], ending: [.hang])])
        let provider = try VLLMProvider(["use_completions": false], transport: transport, events: events)
        for try await event in provider.stream(ChatRequest(messages: [.user("Hi")])) {
            if case .blockDelta = event { break }
        }
        #expect(transport.abandonedCount == 1)
        let response = try #require(events.named("llm:response").first)
        #expect(response["status"] == "cancelled")
        #expect(response["error"] == nil)
    }

    @Test("a stream that is never read sends nothing and tells nothing")
    func unread() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([])
        let provider = try VLLMProvider(transport: transport, events: events)
        _ = provider.stream(ChatRequest(messages: [.user("Hi")]))
        #expect(transport.requests.isEmpty)
        #expect(events.all.isEmpty)
    }

    @Test("a call with an option that does not exist is told, too, and why it failed")
    func unplanned() async throws {
        let events = EventCollector()
        let provider = try VLLMProvider(transport: ScriptedTransport([]), events: events)
        #expect(await provider.failure(options: ["tempreature": 1])?.code == .invalidRequest)
        #expect(events.all.map(\.name) == ["llm:request", "llm:response"])
        #expect(events.all.last?.data["status"] == "error")
    }

    @Test("debug tells requests and answer with long texts cut, raw_debug also whole; without debug raw_debug is nothing")
    func debug() async throws {
        let question = String(repeating: "a", count: 300)
        func events(_ settings: JSONObject) async throws -> EventCollector {
            let events = EventCollector()
            let transport = ScriptedTransport.completions(.completion([String(repeating: "b", count: 300)]))
            _ = try await VLLMProvider(settings, transport: transport, events: events).ask(question)
            return events
        }
        let none = try await events(["raw_debug": true])
        #expect(!none.all.contains { $0.name.hasSuffix(":debug") || $0.name.hasSuffix(":raw") })

        let cut = try await events(["debug": true])
        #expect(!cut.all.contains { $0.name.hasSuffix(":raw") })
        let requests = cut.named("llm:request:debug")
        #expect(requests.map { $0["data"]?["path"] } == ["/tokenize", "/v1/completions"])
        let shown = requests.first?["data"]?["request"]?["messages"]?[0]?["content"]
        #expect(shown?.string == String(repeating: "a", count: 180) + "... (truncated 120 chars)")
        #expect(requests.last?["data"]?["request"]?["prompt"] == [1, 2, 3])
        #expect(requests.allSatisfy { $0["lvl"] == "DEBUG" })
        let answer = cut.named("llm:response:debug").first?["data"]?["response"]?["content"]?[0]?["text"]
        #expect(answer?.string == String(repeating: "b", count: 180) + "... (truncated 120 chars)")

        let short = try await events(["debug": true, "debug_truncate_length": 5, "raw_debug": true])
        #expect(
            short.named("llm:request:debug").first?["data"]?["request"]?["messages"]?[0]?["content"] == "aaaaa... (truncated 295 chars)")
        #expect(short.named("llm:request:raw").first?["data"]?["request"]?["messages"]?[0]?["content"]?.string == question)
        #expect(short.named("llm:response:raw").first?["data"]?["response"]?["content"]?[0]?["text"]?.string?.count == 300)
    }

    @Test(
        "the API key and secret headers are in no event and no error, even where the server repeats them", arguments: [200, 400, 401, 500])
    func secrets(status: Int) async throws {
        let events = EventCollector()
        let echo: JSONValue = ["error": ["message": "you sent Bearer key-planted-1 and planted-header-2", "code": .integer(status)]]
        let exchange = ScriptedExchange.json(echo, status: status)
        let provider = try VLLMProvider(
            [
                "use_completions": false, "api_key": "key-planted-1", "headers": ["X-Api-Key": "planted-header-2"], "debug": true,
                "raw_debug": true,
            ], transport: ScriptedTransport([exchange]), events: events)
        let error = try #require(await provider.failure("The key is key-planted-1."))
        #expect(events.all.count >= 3)
        #expect(!events.text.contains("planted"))
        #expect(!error.json.text.contains("planted"))
        #expect(error.message.contains("you sent"))
    }
}
