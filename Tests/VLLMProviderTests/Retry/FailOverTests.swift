import JSON
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
