import JSON
import ProviderKit
import TestSupport
import Testing
import VLLMSimulator

@testable import VLLMProvider

@Suite("Calls of a provider with several servers or limits", .timeLimit(.minutes(2)))
struct ServerCallTests {
    private let time = ManualClock()

    @Test("what no other server would do better is asked of no other")
    func wrongRequest() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .refusing), "b": .init()])
        let error = try await fleet.provider(["max_retries": 2], clock: time.clock).failure()
        #expect(error?.code == .invalidRequest)
        #expect(fleet.asked == ["a"])
    }

    @Test("a server that fails is left alone by the calls that follow")
    func ejection() async throws {
        let fleet = ScriptedFleet(["a": .init(state: .paused), "b": .init()])
        let provider = try fleet.provider(["max_retries": 1, "retry_budget": 100], clock: time.clock)
        for _ in 1...5 { #expect(try await provider.ask("Hi").text == "from b") }
        #expect(fleet.asked == ["a", "b", "a", "b", "a", "b", "b", "b"])
    }

    @Test("over real sockets: nobody listens at the first address, and the second one answers", arguments: CallMode.all)
    func closedPort(mode: CallMode) async throws {
        let nobody = ClosedPort()
        let simulator = try VLLMSimulator()
        defer { simulator.stop() }
        let settings = mode.settings.with(["base_urls": [.string(nobody.baseURL), .string(simulator.baseURL)], "max_retries": 1])
        let provider = try VLLMProvider(settings, at: nobody.baseURL)
        #expect(try await provider.ask("What is 2+2?").text.contains("4"))
        await provider.close()
    }

    @Test("a call that waits for the configuration's limits says so in the session, and then answers")
    func throttled() async throws {
        let fleet = ScriptedFleet(["a": .init()])
        let events = EventCollector()
        let provider = try fleet.provider(["requests_per_minute": 1], events: events, clock: time.clock)
        _ = try await provider.ask("Hi")
        async let answer = provider.ask("Hi")
        // The call's deadline, and the end of the minute.
        await time.waitForSleepers(2)
        time.advance(by: .seconds(61))
        #expect(try await answer.text == "from a")
        let throttle = try #require(events.named(EventName.providerThrottle).first)
        #expect(throttle["reason"] == "requests_per_minute")
        #expect(throttle["delay"] == 60.1)
        #expect(throttle["waiting"] == 1)
        #expect(throttle["request_id"] == events.named(EventName.llmRequest).last?["request_id"])
    }
}
