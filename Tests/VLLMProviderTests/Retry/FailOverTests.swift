import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing

@testable import VLLMProvider

@Suite("Calls that go on with another server", .timeLimit(.minutes(1)))
struct FailOverTests {
    @Test("a server that fails is followed by the next one at once, which the event names")
    func next() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .down), "b": .init(state: .down), "c": .init()])
        let events = EventCollector()
        // Nobody moves the clock: a wait would never end.
        let provider = try fleet.provider(["max_retries": 5], events: events, clock: ManualClock().clock)
        #expect(try await provider.ask("Hi").text == "from c")
        #expect(fleet.asked == ["c"])
        let told = events.named("provider:retry")
        #expect(told.map { $0["server"] } == ["http://b", "http://c"])
        #expect(told.map { $0["delay"]?.double } == [0, 0])
    }

    @Test("what the provider itself refuses is not tried again, with one server and with two", arguments: [["a"], ["a", "b"]])
    func ownRefusal(names: [String]) async throws {
        let fleet = ScriptedFleet(Dictionary(uniqueKeysWithValues: names.map { ($0, ScriptedFleet.Server()) }))
        let events = EventCollector()
        let settings: JSONObject = ["max_retries": 5, "requests_per_minute": 1, "queue_limit": 0]
        let provider = try fleet.provider(settings, events: events, clock: ManualClock().clock)
        #expect(try await provider.ask("Hi").text == "from a")
        let error = try #require(await provider.failure())
        #expect(error.details["setting"] == "queue_limit")
        #expect(error.isRetryable)
        #expect(error.details["attempts"] == nil)
        #expect(events.named("provider:retry").isEmpty)
    }

    @Test("once all circuits are open, the call ends, and so does the next one at once", arguments: [["a"], ["a", "b"]])
    func circuitsOpen(names: [String]) async throws {
        let fleet = ScriptedFleet(Dictionary(uniqueKeysWithValues: names.map { ($0, ScriptedFleet.Server(state: .down)) }))
        let events = EventCollector()
        let settings: JSONObject = ["max_retries": 5, "min_retry_delay": 0, "circuit_breaker_threshold": 1]
        let provider = try fleet.provider(settings, events: events, clock: ManualClock().clock)
        let first = try #require(await provider.failure())
        #expect(first.details["circuit"] == "open")
        #expect(first.details["attempts"] == .integer(names.count + 1))
        let next = try #require(await provider.failure())
        #expect(next.details["circuit"] == "open")
        #expect(next.details["attempts"] == nil)
        #expect(events.named("provider:retry").count == names.count)
    }

    @Test("a silent server is followed by one that is not; when all are, the error names first_byte_timeout")
    func silence() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .paused), "b": .init()])
        let provider = try fleet.provider(["max_retries": 5], clock: ManualClock().clock)
        #expect(try await provider.ask("Hi").text == "from b")
        fleet.change("b") { $0.state = .paused }
        let error = try #require(await provider.failure())
        #expect(fleet.asked == ["a", "b", "a", "b"])
        #expect(error.details["setting"] == "first_byte_timeout")
        #expect(error.details["attempts"] == 2)
    }

    @Test("a server that has not the model is followed by one that has", arguments: [true, false])
    func notFound(hasBegun: Bool) async throws {
        let lost = ScriptedExchange.Step.fail(TransportError(.connectionLost, "the connection broke"))
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            if request.url.hasPrefix("http://a") { return .events(hasBegun ? [chatChunk(["content": "One,"])] : [], ending: [lost]) }
            if request.url == "http://c/tokenize" { return .json(["tokens": [1], "count": 1]) }
            if request.url.hasPrefix("http://c") { return .chat([["content": " two."]]) }
            return .json(["error": ["message": "The model `m` does not exist.", "code": 404]], status: 404)
        })
        let settings: JSONObject = [
            "base_url": "http://a", "base_urls": ["http://a", "http://b", "http://c"], "use_completions": false, "max_retries": 5,
        ]
        let provider = try VLLMProvider(settings, transport: transport, clock: ManualClock().clock)
        #expect(try await provider.ask("Count.").text == (hasBegun ? "One, two." : " two."))
    }

    @Test("a server that is not asked, since the answer broke off behind its last token, has proved nothing")
    func notAsked() async throws {
        let lost = ScriptedExchange.Step.fail(TransportError(.connectionLost, "the connection broke"))
        let down = ScriptedExchange.events([], ending: [lost])
        let ofA = Guarded([down, .events([chatChunk(["content": "One two three"])], ending: [lost])])
        let transport = ScriptedTransport(answering: { request throws(TransportError) in
            if request.path == "/tokenize" { return .json(["tokens": [1, 2, 3], "count": 3]) }
            guard request.url.hasPrefix("http://a"), request.path == "/v1/chat/completions" else { return down }
            return ofA.withLock { $0.isEmpty ? down : $0.removeFirst() }
        })
        let settings: JSONObject = [
            "base_url": "http://a", "base_urls": ["http://a", "http://b"], "use_completions": false, "max_retries": 1,
            "circuit_breaker_threshold": 2, "max_tokens": 3,
        ]
        let events = EventCollector()
        let provider = try VLLMProvider(settings, transport: transport, events: events, clock: ManualClock().clock)
        #expect(await provider.failure()?.code == .network)
        #expect(try await provider.ask("Count.").finishReason == "length")
        // The second failure of b in a row.
        _ = await provider.failure(options: ["max_retries": 0])
        #expect(events.named("provider:warning").compactMap { $0["server"] } == ["http://a", "http://b"])
    }

    @Test("when all have failed, they are asked anew after the schedule's wait")
    func again() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .down), "b": .init(state: .down)])
        let clock = ManualClock()
        let events = EventCollector()
        let provider = try fleet.provider(["max_retries": 3, "retry_jitter": false], events: events, clock: clock.clock)
        let call = Task { () async -> ChatResponse? in try? await provider.ask("Hi") }
        while events.named("provider:retry").count < 2 { await Task.yield() }
        await clock.waitForSleepers(of: call)
        fleet.change("a") { $0.state = .well }
        clock.advance(by: .seconds(1))
        #expect(await call.value?.text == "from a")
        #expect(events.named("provider:retry").map { $0["delay"]?.double } == [0, 1])
    }
}
