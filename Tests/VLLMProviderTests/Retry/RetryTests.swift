import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Calls that are tried again", .timeLimit(.minutes(1)))
struct RetryTests {
    private static let busy = ScriptedExchange.json(["error": ["message": "busy", "code": 503]], status: 503)
    private static let answer = ScriptedExchange.chat([["content": "Four."]])
    private static let lost = ScriptedExchange.failing(TransportError(.connectionLost, "the connection broke"))

    private func provider(
        _ transport: any Transport, _ settings: JSONObject = [:], events: EventCollector = EventCollector(), clock: CallClock = .continuous,
        tellsModels: Bool = false
    ) throws -> VLLMProvider {
        var all: JSONObject = ["use_completions": false, "max_retries": 5, "min_retry_delay": 0]
        all.merge(settings)
        return try VLLMProvider(all, transport: transport, events: events, tellsModels: tellsModels, clock: clock)
    }

    @Test(
        "failures that may pass are tried again, each told with Amplifier's fields, and the answer is as if nothing had been",
        arguments: [true, false])
    func passes(streams: Bool) async throws {
        let good: ScriptedExchange =
            streams
            ? Self.answer
            : .json([
                "id": "chatcmpl-1", "model": "m", "choices": [["index": 0, "message": ["content": "Four."], "finish_reason": "stop"]],
            ])
        let transport = ScriptedTransport([Self.busy, Self.lost, good])
        let events = EventCollector()
        let provider = try provider(transport, ["use_streaming": .bool(streams)], events: events)
        let answer = try await provider.ask("2+2?", options: ["request_id": "call-1"])
        #expect(answer.text == "Four.")
        #expect(answer.metadata?["vllm:resume_count"] == nil)
        let told = events.named("provider:retry")
        #expect(told.map { $0["attempt"] } == [1, 2])
        #expect(told.map { $0["error_type"] } == ["ProviderUnavailableError", "NetworkError"])
        #expect(told.map { $0["status_code"] } == [503, nil])
        #expect(told[1]["error_message"] == "the connection broke")
        for event in told {
            #expect(event["max_retries"] == 5)
            #expect(event["delay"]?.double == 0)
            #expect(event["provider"] == "vllm")
            #expect(event["model"] == "m")
            #expect(event["request_id"] == "call-1")
            #expect(event["resumed"] == false)
            // It is the same one, however short the wait.
            #expect(event["server"] == nil)
        }
        #expect(
            events.all.map(\.name).filter { $0 == "llm:request" || $0 == "provider:retry" || $0 == "llm:response" }
                == ["llm:request", "provider:retry", "provider:retry", "llm:response"])
        let response = try #require(events.named("llm:response").first)
        #expect(response["status"] == "ok")
        #expect(response["retry_count"] == 2)
        // The server's log tells the attempts apart.
        #expect(transport.requests.map { $0.headers["X-Request-Id"] } == ["call-1", "call-1-2", "call-1-3"])
    }

    @Test("a stream that breaks before it shows anything begins anew, and is told to have started once")
    func freshStream() async throws {
        let role = ScriptedExchange.events(
            [chatChunk(["role": "assistant", "content": ""])], ending: [.fail(TransportError(.connectionLost, "gone"))])
        let transport = ScriptedTransport([role, Self.answer])
        var names: [String] = []
        for try await event in try provider(transport).stream(ChatRequest(messages: [.user("2+2?")])) {
            switch event {
            case .started: names.append("started")
            case .blockStarted: names.append("block")
            case .blockDelta(_, let text): names.append(text)
            default: break
            }
        }
        #expect(names == ["started", "block", "Four."])
    }

    @Test(
        "the requests beside the question are tried again as the question is",
        arguments: ["/v1/models", "/tokenize", "/detokenize", "/v1/completions"])
    func auxiliary(path: String) async throws {
        let failures = Guarded(2)
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            let fails =
                request.path == path
                && failures.withLock { left in
                    left -= 1
                    return left >= 0
                }
            if fails { return Self.busy }
            switch request.path {
            case "/v1/models": return .json(["data": [["id": "m", "max_model_len": 2048]]])
            case "/tokenize": return .json(["tokens": [1, 2, 3], "count": 3])
            case "/detokenize": return .json(["prompt": "assistant\n"])
            default: return .completion(["Four."])
            }
        })
        let events = EventCollector()
        let provider = try provider(
            transport, ["use_completions": true, "default_model": .null], events: events, tellsModels: true)
        #expect(try await provider.ask("2+2?").text == "Four.")
        #expect(events.named("provider:retry").count == 2)
        #expect(events.named("llm:request").count == 1)
    }

    @Test("what will not pass is reported at once", arguments: [400, 401, 403, 404, 402])
    func permanent(status: Int) async throws {
        let transport = ScriptedTransport([.json(["error": ["message": "no", "code": .integer(status)]], status: status)])
        let events = EventCollector()
        let error = try #require(await provider(transport, events: events).failure())
        #expect(error.status == status)
        #expect(error.details["attempts"] == nil)
        #expect(transport.requests.count == 1)
        #expect(events.named("provider:retry").isEmpty)
    }

    @Test("when all attempts fail, the last error says how many there were")
    func exhausted() async throws {
        let transport = ScriptedTransport([Self.lost, Self.lost, Self.busy])
        let error = try #require(await provider(transport, ["max_retries": 2]).failure())
        #expect(error.message.hasSuffix("busy; given up after 3 attempts"))
        #expect(error.details["retries_ended"] == "given up after 3 attempts")
        #expect(error.details["attempts"] == 3)
        #expect(error.isRetryable)
    }

    @Test("a call may ask for fewer retries than the configuration")
    func option() async throws {
        let transport = ScriptedTransport([Self.busy])
        let error = try #require(await provider(transport).failure(options: ["max_retries": 0]))
        #expect(error.message.hasSuffix("busy"))
        #expect(transport.requests.count == 1)
    }

    @Test("the wait is the server's at least, and a server that asks for too long is left alone")
    func retryAfter() async throws {
        func limited(_ seconds: String) -> ScriptedExchange {
            ScriptedExchange(status: 429, headers: ["retry-after": .init(seconds)], body: "slow down")
        }
        let clock = ManualClock()
        let events = EventCollector()
        let provider = try provider(
            ScriptedTransport([limited("7"), limited("61")]), ["retry_jitter": false], events: events, clock: clock.clock)
        let call = Task { () async -> ProviderError? in await provider.failure() }
        await clock.waitForSleepers(of: call)
        #expect(clock.alarms == [clock.now + .seconds(7)])
        clock.advance(by: .seconds(7))
        let error = try #require(await call.value)
        #expect(error.code == .rateLimit)
        #expect(error.retryAfter == .seconds(61))
        #expect(error.message.hasSuffix("; not tried again: the server asks to wait 61 s, longer than max_retry_delay (60 s)"))
        #expect(events.named("provider:retry").map { $0["delay"]?.double } == [7])
    }

    @Test("a server that takes the call and says nothing ends it after first_byte_timeout, which the error names")
    func silence() async throws {
        let silence = ScriptedExchange.failing(TransportError(.firstByteTimeout, "no answer"))
        let transport = ScriptedTransport([silence, Self.answer])
        let events = EventCollector()
        let error = try #require(await provider(transport, events: events).failure(options: ["first_byte_timeout": 500]))
        #expect(error.code == .timeout)
        #expect(error.details["setting"] == "first_byte_timeout")
        #expect(error.message.contains("within 500 s (first_byte_timeout); not tried again"))
        #expect(transport.requests.count == 1)
        #expect(events.named("provider:retry").isEmpty)
    }

    @Test("where the time of the call is up behind another limit, the error names that one first")
    func firstLimit() async throws {
        let exchanges = [TransportError.Code.connectTimeout, .timeout].map { ScriptedExchange.failing(TransportError($0, "late")) }
        let error = try #require(await provider(ScriptedTransport(exchanges)).failure())
        #expect(error.details["setting"] == "connect_timeout")
        #expect(error.message.contains("(connect_timeout); then the time of the call was up (timeout: 600 s)"))
        #expect(error.details["attempts"] == 2)
    }

    @Test("a wait that would outlast the call's time is not begun")
    func deadline() async throws {
        let clock = ManualClock()
        let settings: JSONObject = ["retry_jitter": false, "min_retry_delay": 20_000, "max_retry_delay": 80_000, "timeout": 50_000]
        let provider = try provider(ScriptedTransport([Self.busy, Self.busy]), settings, clock: clock.clock)
        let call = Task { () async -> ProviderError? in await provider.failure() }
        await clock.waitForSleepers(of: call)
        clock.advance(by: .seconds(20_000))
        let error = try #require(await call.value)
        #expect(error.code == .unavailable)
        #expect(error.message.hasSuffix("busy; not tried again: a wait of 40000 s would outlast timeout (50000 s)"))
        #expect(error.details["attempts"] == 2)
    }

    @Test("a request that comes late in a call has the time that is left of the call")
    func timeLeft() async throws {
        let clock = ManualClock()
        let settings: JSONObject = ["retry_jitter": false, "min_retry_delay": 20_000, "max_retry_delay": 80_000, "timeout": 50_000]
        let transport = ScriptedTransport([Self.busy, .chat([["content": "Hi."]])])
        let provider = try provider(transport, settings, clock: clock.clock)
        let call = Task { () async -> ProviderError? in await provider.failure() }
        await clock.waitForSleepers(of: call)
        clock.advance(by: .seconds(20_000))
        #expect(await call.value == nil)
        #expect(transport.requests.map(\.timeouts.total) == [.seconds(50_000), .seconds(30_000)])
    }

    @Test("all calls of a provider share a number of retries, so that they cannot multiply an outage")
    func budget() async throws {
        // Time brings retries, too: it stands still.
        let clock = ManualClock()
        let transport = ScriptedTransport(answering: { request throws(TransportError) in Self.busy })
        let provider = try provider(transport, ["retry_burst": 7, "retry_budget": 0], clock: clock.clock)
        var errors: [ProviderError?] = []
        for _ in 0..<4 { errors.append(await provider.failure()) }
        #expect(transport.requests.count { $0.path == "/v1/chat/completions" } == 4 + 7)
        #expect(errors[0]?.details["attempts"] == 6)
        #expect(
            errors[3]?.message.hasSuffix("; not tried again: so many calls failed that their retries are used up (retry_budget)") == true)
    }

    @Test("a wait ends at once when the call is cancelled, or the provider closed", arguments: [true, false])
    func cancelled(closes: Bool) async throws {
        let clock = ManualClock()
        let events = EventCollector()
        let provider = try provider(ScriptedTransport([Self.busy]), ["min_retry_delay": 50], events: events, clock: clock.clock)
        let call = Task { () async -> ProviderError? in await provider.failure() }
        await clock.waitForSleepers(of: call)
        if closes { await provider.close() } else { call.cancel() }
        let error = try #require(await call.value)
        #expect(error.code == .cancelled)
        #expect(error.message == (closes ? "the provider was closed" : "the call was cancelled"))
        #expect(events.named("llm:response").map { $0["status"] } == ["cancelled"])
    }

    @Test("the rounds of a long answer are tried again, of one number for the whole call")
    func continuation() async throws {
        let transport = ScriptedTransport([
            .chat([["content": "Once"]], finishReason: "length"), Self.busy, Self.lost,
            .chat([["content": " upon"]], finishReason: "length"), Self.busy, .chat([["content": " a time."]]),
        ])
        let events = EventCollector()
        let answer = try await provider(transport, ["continuation": 3, "max_retries": 3], events: events).ask("Tell me.")
        #expect(answer.text == "Once upon a time.")
        #expect(answer.metadata?["vllm:continuation_count"] == 2)
        #expect(answer.metadata?["vllm:resume_count"] == nil)
        #expect(answer.degradation == nil)
        #expect(events.named("provider:retry").map { $0["resumed"] } == [true, true, true])
        #expect(events.named("provider:incomplete_continuation").count == 2)
    }

    @Test("a stream whose first round showed nothing is told to have started, also when the next round is tried again")
    func startedOnce() async throws {
        let transport = ScriptedTransport([
            .chat([["reasoning": "I think"]], finishReason: "length"), Self.busy, .chat([["content": "Four."]]),
        ])
        let provider = try provider(transport, ["continuation": 2, "include_reasoning": false])
        var names: [String] = []
        for try await event in provider.stream(ChatRequest(messages: [.user("2+2?")])) {
            switch event {
            case .started: names.append("started")
            case .blockDelta(_, let text): names.append(text)
            default: break
            }
        }
        #expect(names == ["started", "Four."])
    }

    @Test("a long answer whose next round cannot be had is what there is of it, and says how often that was tried")
    func continuationFails() async throws {
        let transport = ScriptedTransport([.chat([["content": "Once"]], finishReason: "length"), Self.busy, Self.busy])
        let answer = try await provider(transport, ["continuation": 3, "max_retries": 1]).ask("Tell me.")
        #expect(answer.text == "Once")
        #expect(answer.finishReason == "length")
        #expect(answer.degradation?.reason.hasSuffix("busy; given up after 2 attempts") == true)
    }
}
