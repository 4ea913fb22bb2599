import HTTPTransport
import JSON
import ProviderKit
import Testing
import VLLMSimulator

@testable import VLLMProvider

/// What `raw_debug` tells of a call: what the host asked, what went over the wire, and what came of it.
@Suite("Raw records")
struct RawRecordTests {
    private static let raw: JSONObject = ["debug": true, "raw_debug": true]

    private func provider(
        _ settings: JSONObject = [:], _ transport: ScriptedTransport, _ events: EventCollector, tellsModels: Bool = false
    ) throws -> VLLMProvider {
        var all = Self.raw
        all.merge(settings)
        return try VLLMProvider(all, transport: transport, events: events, instanceID: "box", tellsModels: tellsModels)
    }

    @Test("a call is told as the host made it, with the settings in force: its own over the configured ones")
    func call() async throws {
        let events = EventCollector()
        let settings: JSONObject = ["use_completions": false, "temperature": 0.5, "top_k": 3]
        let provider = try provider(settings, ScriptedTransport([.chat([["content": "4"]])]), events)
        var request = ChatRequest(messages: [.user("What is 2+2?")])
        request.topP = 0.25
        let options: JSONObject = ["temperature": 0.1, "seed": 7, "timeout": 99, "top_k": .null, "headers": ["X-Trace": "t"]]
        _ = try await provider.complete(request, options: options)

        #expect(events.all.prefix(2).map(\.name) == ["llm:request", "llm:call:raw"])
        let record = try #require(events.named("llm:call:raw").first)
        #expect(record["lvl"] == "DEBUG")
        #expect(record["instance_id"] == "box")
        #expect(record["request_id"] == events.all[0].data["request_id"])
        #expect(record["data"]?["request"] == request.json)
        let told = try #require(record["data"]?["options"]?.object)
        #expect(told["temperature"]?.double == 0.1)
        #expect(told["seed"] == 7)
        #expect(told["top_k"] == 3)
        #expect(told["model"] == "m")
        #expect(told["use_completions"] == false)
        #expect(told["timeout"] == nil)
        #expect(told["headers"] == nil)

        // They are options that a provider takes.
        let again = try VLLMProvider(transport: ScriptedTransport([.chat([["content": "4"]])]))
        _ = try await again.complete(request, options: told)
    }

    @Test("every exchange of a call is told, byte for byte and read by read, before the call's end; those of no call have no request_id")
    func exchanges() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            switch request.path {
            case "/prefix/v1/models": .json(["data": [["id": "m", "max_model_len": 9000]]])
            case "/prefix/tokenize": .json(["tokens": [1, 2, 3], "count": 3, "max_model_len": 2048])
            case "/prefix/detokenize": .json(["prompt": "assistant\n"])
            default: .completion(["Fo", "ur."])
            }
        })
        let provider = try provider(["base_url": "http://server:8000/prefix/v1/"], transport, events, tellsModels: true)
        await provider.prepare()
        _ = try await provider.ask("What is 2+2?")

        let exchanges = events.named("llm:exchange:raw")
        let paths = exchanges.map { $0["data"]?["path"]?.string }
        #expect(Set(paths) == ["/v1/models", "/tokenize", "/detokenize", "/v1/completions"])
        #expect(exchanges.count == transport.requests.count)
        let call = events.named("llm:request").first?["request_id"]
        for exchange in exchanges {
            let isOfCall = exchange["data"]?["path"] != "/v1/models"
            #expect(exchange["request_id"] == (isOfCall ? call : nil))
            #expect(exchange["model"] == exchange["data"]?["request"]?["body"]?["model"])
            #expect(exchange["instance_id"] == "box")
        }
        #expect(events.all.last?.name == "llm:response")

        let last = try #require(exchanges.last?["data"])
        let sent = try #require(transport.requests.last)
        #expect(last["method"] == "POST")
        #expect(last["url"] == "http://server:8000/prefix/v1/completions")
        #expect(last["request"]?["headers"]?["content-type"] == "application/json")
        #expect(last["request"]?["headers"]?["x-request-id"] == call)
        #expect(last["request"]?["body"]?.bytes == sent.body)
        let body = ["Fo", "ur."].map { "data: \(completionChunk($0))\n\n" } + ["data: \(completionChunk("", finishReason: "stop"))\n\n"]
        #expect(last["response"]?["status"] == 200)
        #expect(last["response"]?["headers"] == [["content-type", "text/event-stream"]])
        #expect(last["response"]?["body"]?.string == body.joined() + "data: [DONE]\n\n")
        let chunks = try #require(last["response"]?["chunks"]?.array)
        #expect(chunks.map { $0[1]?.int } == body.map(\.utf8.count) + [14])
        let times = chunks.compactMap { $0[0]?.double }
        #expect(times == times.sorted())
        #expect(try #require(last["duration_ms"]?.double) >= #require(times.last))
        #expect(last["error"] == nil)
    }

    /// The exchanges of calls.
    private func exchanges(_ events: EventCollector) -> [JSONObject] {
        events.named("llm:exchange:raw").filter { $0["request_id"] != nil }
    }

    @Test("an attempt that is repeated is an exchange of its own, under the call's name")
    func attempts() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.json(["detail": "busy"], status: 503), .chat([["content": "4"]])])
        _ = try await provider(["use_completions": false, "max_retries": 1, "min_retry_delay": 0], transport, events).ask("Hi")
        let exchanges = exchanges(events)
        #expect(exchanges.map { $0["data"]?["response"]?["status"]?.int } == [503, 200])
        let name = try #require(events.all[0].data["request_id"]?.string)
        #expect(exchanges.allSatisfy { $0["request_id"]?.string == name })
        #expect(exchanges.map { $0["data"]?["request"]?["headers"]?["x-request-id"]?.string } == [name, name + "-2"])
    }

    @Test("an exchange that breaks off is told as far as it came, with its error, and so is the call's answer")
    func broken() async throws {
        let events = EventCollector()
        let lost = ScriptedExchange.Step.fail(TransportError(.connectionLost, "the server has closed the connection"))
        let transport = ScriptedTransport([
            .events([chatChunk(["content": "Fo"])], ending: [lost]),
            .failing(TransportError(.connectionFailed, "refused")),
        ])
        let provider = try provider(["use_completions": false], transport, events)
        let broken = try #require(await provider.failure())
        #expect(broken.partialResponse?.text == "Fo")
        _ = await provider.failure()

        let exchanges = exchanges(events).compactMap { $0["data"] }
        try #require(exchanges.count == 2)
        #expect(exchanges[0]["response"]?["body"]?.string == "data: \(chatChunk(["content": "Fo"]))\n\n")
        #expect(exchanges[0]["error"] == ["code": "connection_lost", "message": "the server has closed the connection"])
        #expect(exchanges[1]["response"] == nil)
        #expect(exchanges[1]["error"]?["code"] == "connection_failed")
        let answers = events.named("llm:response:raw").compactMap { $0["data"] }
        #expect(answers.map { $0["error"] } == [broken.json, answers.last?["error"]])
        #expect(answers.first?["error"]?["partial_response"]?["content"]?[0]?["text"] == "Fo")
        #expect(answers.last?["error"]?["code"] == "unavailable" || answers.last?["error"]?["code"] == "network")
    }

    @Test("an answer that nobody reads to its end is told as cancelled, before the end of its call")
    func dropped() async throws {
        let events = EventCollector()
        let transport = ScriptedTransport([.events([chatChunk(["content": "Fo"])], ending: [.hang])])
        let provider = try provider(["use_completions": false], transport, events)
        do {
            var iterator = provider.stream(ChatRequest(messages: [.user("Hi")])).makeAsyncIterator()
            while case .some(let event) = try await iterator.next() {
                if case .blockDelta = event { break }
            }
        }
        #expect(events.all.suffix(4).map(\.name) == ["llm:exchange:raw", "llm:stream_aborted", "llm:response:raw", "llm:response"])
        #expect(exchanges(events).last?["data"]?["error"]?["code"] == "cancelled")
        #expect(events.named("llm:response:raw").last?["data"]?["error"]?["partial_response"]?["content"]?[0]?["text"] == "Fo")
    }

    @Test("secrets are masked in the URL, the header fields and both bodies")
    func secrets() async throws {
        let events = EventCollector()
        let echo = ScriptedExchange(
            status: 400, headers: ["Set-Cookie": "sid=planted-3", "X-Echo": "planted-key-1"],
            body: #"{"detail": "not planted-key-1, \"api_key\": \"planted-2\""}"#)
        let settings: JSONObject = ["use_completions": false, "api_key": "planted-key-1"]
        _ = await (try provider(settings, ScriptedTransport([echo]), events)).failure("Is planted-key-1 a secret?")
        #expect(!events.text.contains("planted"))
        let exchange = try #require(exchanges(events).first?["data"])
        #expect(exchange["request"]?["headers"]?["authorization"] == "[REDACTED]")
        #expect(exchange["request"]?["body"]?["messages"]?[0]?["content"] == "Is [REDACTED] a secret?")
        #expect(exchange["response"]?["body"] == #"{"detail": "not [REDACTED], \"api_key\": \"[REDACTED]\""}"#)
        #expect(exchange["response"]?["is_redacted"] == true)
    }

    @Test("a session that wants no exchanges is not told of any")
    func unwanted() async throws {
        let events = EventCollector(unwanted: ["llm:exchange:raw", "llm:call:raw", "llm:response:raw"])
        _ = await (try provider(["use_completions": false], ScriptedTransport([.failing(TransportError(.tls, "no"))]), events)).failure()
        #expect(events.all.map(\.name) == ["llm:request", "llm:request:debug", "llm:request:raw", "llm:response"])
    }
}
