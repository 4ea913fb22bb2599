import Configuration
import JSON
import ProviderKit
import TestSupport
import Testing

@testable import VLLMProvider

@Suite("When a call is tried again")
struct RetryScheduleTests {
    /// A policy as the configuration says it.
    private func policy(_ settings: JSONObject = [:]) throws -> RetryPolicy {
        let (values, issues) = VLLMProvider.schema.resolve(
            ConfigurationNode(json: .object(settings.with(["base_url": "http://s"])), origin: .default), environment: [:], path: "")
        try #require(!issues.hasErrors)
        return RetryPolicy(values)
    }

    /// The waits of a call all of whose attempts fail.
    private func delays(
        _ policy: RetryPolicy, retryAfter: Duration? = nil, timeLeft: Duration = .seconds(100_000), random: () -> Double = { 0.5 }
    ) -> (delays: [Duration], end: RetrySchedule.Reason?) {
        var schedule = RetrySchedule(policy, timeout: .seconds(100_000))
        var delays: [Duration] = []
        while true {
            switch schedule.next(retryAfter: retryAfter, timeLeft: timeLeft, random: random) {
            case .retry(let delay): delays.append(delay)
            case .giveUp(let reason): return (delays, reason)
            }
        }
    }

    @Test("five times after 1, 2, 4, 8 and 16 seconds, lengthened by chance")
    func defaults() throws {
        let plain = delays(try policy(["retry_jitter": false]))
        #expect(plain.delays == [1, 2, 4, 8, 16].map { .seconds($0) })
        #expect(plain.end == .tooMany(attempts: 6))
        #expect(delays(try policy()).delays == [1.5, 3, 6, 12, 24].map { .seconds($0) })
    }

    @Test("waits double up to the longest one, however many there are")
    func longest() throws {
        let waits = delays(try policy(["max_retries": 100, "min_retry_delay": 5, "retry_jitter": false])).delays
        #expect(waits.count == 100)
        #expect(waits.prefix(5) == [5, 10, 20, 40, 60].map { .seconds($0) }[...])
        #expect(waits.dropFirst(4).allSatisfy { $0 == .seconds(60) })
    }

    @Test("no wait is shorter than the doubled one or than what the server asks for, nor longer than chance may make it")
    func bounds() throws {
        for seed in 0..<300 {
            var numbers = SplitMix(seed: UInt64(seed))
            let least = Double.random(in: 0.001...10, using: &numbers)
            let most = Double.random(in: least...100, using: &numbers)
            let asked = Bool.random(using: &numbers) ? Double.random(in: 0...most, using: &numbers) : nil
            let policy = try policy(["max_retries": 20, "min_retry_delay": .double(least), "max_retry_delay": .double(most)])
            let waits = delays(policy, retryAfter: asked.map { .seconds($0) }) { Double.random(in: 0..<1, using: &numbers) }.delays
            #expect(waits.count == 20)
            var base = least
            for wait in waits.map({ $0 / .seconds(1) }) {
                let tolerance = 1e-9 * most
                #expect(wait >= max(base, asked ?? 0) - tolerance, "seed \(seed)")
                #expect(wait <= max(base, asked ?? 0) + base + tolerance, "seed \(seed)")
                base = min(base * 2, most)
            }
        }
    }

    @Test("a server that asks for longer than the longest wait is not asked again")
    func retryAfter() throws {
        let policy = try policy(["max_retry_delay": 30, "retry_jitter": false])
        #expect(delays(policy, retryAfter: .seconds(30)).delays == Array(repeating: .seconds(30), count: 5))
        let (waits, end) = delays(policy, retryAfter: .seconds(31))
        #expect(waits.isEmpty)
        #expect(end == .retryAfter(.seconds(31), limit: .seconds(30)))
    }

    @Test("calls that have all come to the longest wait do not come back together, neither of their own nor at a server's word")
    func jitterAtTheLongest() throws {
        let policy = try policy(["max_retries": 3, "min_retry_delay": 30, "max_retry_delay": 30])
        for asked in [nil, Duration.seconds(30)] {
            #expect(delays(policy, retryAfter: asked) { 0 }.delays == Array(repeating: .seconds(30), count: 3))
            #expect(delays(policy, retryAfter: asked) { 0.5 }.delays == Array(repeating: .seconds(45), count: 3))
        }
    }

    @Test("a server that was silent for as long as it may be is not asked once more; another one is")
    func silence() throws {
        var schedule = RetrySchedule(try policy(), timeout: .seconds(100))
        let elsewhere = schedule.next(retryAfter: nil, timeLeft: .seconds(9), hasOtherServer: true, isSilence: true) { 0 }
        #expect(elsewhere == .retry(after: .zero))
        let same = schedule.next(retryAfter: nil, timeLeft: .seconds(9), isSilence: true) { 0 }
        #expect(same == .giveUp(.silence))
    }

    @Test("no wait outlasts the call's time")
    func deadline() throws {
        let (waits, end) = delays(try policy(["retry_jitter": false]), timeLeft: .seconds(4))
        #expect(waits == [.seconds(1), .seconds(2)])
        #expect(end == .noTime(delay: .seconds(4), timeout: .seconds(100_000)))
    }

    @Test("another server is asked at once, which counts as an attempt and makes no later wait longer")
    func otherServer() throws {
        var schedule = RetrySchedule(try policy(["max_retries": 3, "retry_jitter": false]), timeout: .seconds(100))
        // What one server asks for does not bind another one.
        #expect(schedule.next(retryAfter: .seconds(50), timeLeft: .seconds(9), hasOtherServer: true) { 0 } == .retry(after: .zero))
        #expect(schedule.next(retryAfter: nil, timeLeft: .seconds(9)) { 0 } == .retry(after: .seconds(1)))
        #expect(schedule.next(retryAfter: nil, timeLeft: .seconds(9), hasOtherServer: true) { 0 } == .retry(after: .zero))
        #expect(schedule.next(retryAfter: nil, timeLeft: .seconds(9), hasOtherServer: true) { 0 } == .giveUp(.tooMany(attempts: 4)))
        #expect(schedule.count == 3)
    }

    @Test("all calls together have so many retries at once, then as many as calls and time bring")
    func budget() {
        let start = ContinuousClock.now
        var budget = RetryBudget(perCall: 0.25, capacity: 10, now: start)
        #expect((0..<20).count { _ in budget.withdraw(now: start) } == 10)
        for _ in 0..<8 { budget.callBegan() }
        #expect((0..<20).count { _ in budget.withdraw(now: start) } == 2)
        #expect((0..<20).count { _ in budget.withdraw(now: start + .seconds(3)) } == 3)
        // It does not run over, and time does not run back.
        for _ in 0..<1000 { budget.callBegan() }
        #expect((0..<20).count { _ in budget.withdraw(now: start) } == 10)
        #expect((0..<20).count { _ in budget.withdraw(now: start + .seconds(1_000_000)) } == 10)
    }

    @Test(
        "a setting that makes no sense is named",
        arguments: [
            (["min_retry_delay": 9, "max_retry_delay": 3], "min_retry_delay: 9 s is longer than max_retry_delay (3 s)"),
            (["max_retries": -1], "max_retries"), (["max_retries": "many"], "max_retries"), (["retry_jitter": "maybe"], "retry_jitter"),
            (["retry_burst": 0], "retry_burst"), (["retry_budget": -0.1], "retry_budget"),
        ] as [(JSONObject, String)])
    func mistakes(settings: JSONObject, named: String) throws {
        var message: String?
        do { _ = try VLLMProvider(settings, transport: NoServer()) } catch { message = "\(error)" }
        #expect(message?.contains(named) == true)
    }
}
