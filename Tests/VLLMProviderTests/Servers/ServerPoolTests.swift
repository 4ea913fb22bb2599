import HTTPTransport
import JSON
import Locks
import ProviderKit
import Testing
import VLLMClient

@testable import VLLMProvider

@Suite("Waiting for leave to ask a server", .timeLimit(.minutes(2)))
struct ServerPoolTests {
    private let time = ManualClock()

    private func provider(_ settings: JSONObject, events: any EventSink = NoEvents()) throws -> VLLMProvider {
        try VLLMProvider(settings, transport: ScriptedTransport([]), events: events, clock: time.clock)
    }

    private func need(timeout: Duration = .seconds(600), tokens: Int = 0) -> LeaseNeed {
        LeaseNeed(tokens: tokens, timeout: timeout, deadline: time.now + timeout)
    }

    /// Begins to wait, and returns when the wait has begun.
    private func waiter(_ provider: VLLMProvider, _ need: LeaseNeed) async -> Task<ServerLease, any Error> {
        let before = provider.core.pool.read { $0.waitingCount }
        let task = Task { try await provider.core.lease(need) }
        while provider.core.pool.read({ $0.waitingCount }) == before { await Task.yield() }
        return task
    }

    @Test("calls go in the order in which they came, one for each that ends")
    func order() async throws {
        let provider = try provider(["max_concurrent_requests": 1])
        var current = try await provider.core.lease(need())
        var waiters: [Task<ServerLease, any Error>] = []
        for _ in 1...5 { waiters.append(await waiter(provider, need())) }
        for (index, waiter) in waiters.enumerated() {
            #expect(provider.core.pool.read { $0.waitingCount } == 5 - index)
            current.succeeded(tokens: nil)
            current = try await waiter.value
        }
    }

    @Test("a lease that is dropped makes room, and one that has ended does so once")
    func ending() async throws {
        let provider = try provider(["max_concurrent_requests": 2])
        var first: ServerLease? = try await provider.core.lease(need())
        let second = try await provider.core.lease(need())
        for _ in 1...3 { second.failed(ProviderError(.unavailable, "x")) }
        second.succeeded(tokens: 3)
        second.abandoned()
        #expect(provider.core.pool.read { $0.members[0].leases } == 1)
        first?.answered()
        first = nil
        #expect(provider.core.pool.read { $0.members[0].leases } == 0)
    }

    @Test("who is cancelled while waiting leaves at once, and the next one goes", arguments: [0, 1, 2])
    func cancellation(position: Int) async throws {
        let provider = try provider(["max_concurrent_requests": 1])
        let current = try await provider.core.lease(need())
        var waiters: [Task<ServerLease, any Error>] = []
        for _ in 1...3 { waiters.append(await waiter(provider, need())) }
        let cancelled = waiters.remove(at: position)
        cancelled.cancel()
        let error = await #expect(throws: ProviderError.self) { try await cancelled.value }
        #expect(error?.code == .cancelled)
        current.succeeded(tokens: nil)
        let next = try await waiters[0].value
        #expect(provider.core.pool.read { $0.waitingCount } == 1)
        next.succeeded(tokens: nil)
        _ = try await waiters[1].value
    }

    @Test("a task that is cancelled before it asks does not wait")
    func cancelledBefore() async throws {
        let provider = try provider(["max_concurrent_requests": 1])
        let current = try await provider.core.lease(need())
        let task = Task { [need = need()] in
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await provider.core.lease(need)
        }
        let error = await #expect(throws: ProviderError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        current.abandoned()
    }

    @Test("a thousand calls wait and all get their turn, never more at once than may be")
    func thousand() async throws {
        let provider = try provider(["max_concurrent_requests": 8])
        let counts = Guarded((now: 0, most: 0, total: 0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 1...1000 {
                group.addTask { [need = need()] in
                    guard let lease = try? await provider.core.lease(need) else { return }
                    counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.total + 1) }
                    await Task.yield()
                    counts.withLock { $0.now -= 1 }
                    lease.succeeded(tokens: nil)
                }
            }
        }
        let (_, most, total) = counts.withLock { $0 }
        #expect(total == 1000)
        #expect(most <= 8)
    }

    @Test("a full queue refuses at once, and says which limit and which queue")
    func fullQueue() async throws {
        let provider = try provider(["max_concurrent_requests": 1, "queue_limit": 1])
        let current = try await provider.core.lease(need())
        let waiting = await waiter(provider, need())
        let error = await thrown { () throws(ProviderError) in _ = try await provider.core.lease(need()) }
        #expect(error?.code == .rateLimit)
        #expect(error?.isRetryable == true)
        #expect(
            error?.description == "max_concurrent_requests is 1, and the queue is full (queue_limit: 1) "
                + "(try later, or raise max_concurrent_requests or queue_limit)")
        #expect(error?.details == ["local": true, "limit": "max_concurrent_requests", "setting": "queue_limit"])
        current.succeeded(tokens: nil)
        _ = try await waiting.value
    }

    @Test("with queue_limit 0 nobody waits, and a limit of a minute says when to try again")
    func noQueue() async throws {
        let provider = try provider(["requests_per_minute": 1, "queue_limit": 0])
        _ = try await provider.core.lease(need())
        time.advance(by: .seconds(20))
        let error = await thrown { () throws(ProviderError) in _ = try await provider.core.lease(need()) }
        #expect(error?.message == "requests_per_minute is 1, and no call may wait (queue_limit: 0)")
        #expect(error?.retryAfter == .seconds(40) + MinuteWindow.resolution)
    }

    @Test("who has waited as long as queue_timeout, or as the call has time, gets an error that names it")
    func deadlines() async throws {
        let provider = try provider(["max_concurrent_requests": 1, "queue_timeout": 5])
        let current = try await provider.core.lease(need())
        let patient = await waiter(provider, need())
        let hasty = await waiter(provider, need(timeout: .seconds(2)))
        await time.waitForSleepers(2, of: patient, hasty)
        time.advance(by: .seconds(2))
        let late = await #expect(throws: ProviderError.self) { try await hasty.value }
        #expect(late?.code == .timeout)
        #expect(
            late?.message == "the call waited for leave to ask until its time was up (timeout: 2 s): max_concurrent_requests is 1")
        #expect(late?.details["setting"] == "timeout")
        time.advance(by: .seconds(3))
        let queued = await #expect(throws: ProviderError.self) { try await patient.value }
        #expect(queued?.code == .rateLimit)
        #expect(queued?.details["setting"] == "queue_timeout")
        #expect(queued?.isRetryable == true)
        current.abandoned()
        #expect(try await provider.core.lease(need()).core.settings.baseURL.root == "http://server:8000")
    }

    @Test("a minute's limit lets the next calls go when the minute has passed, in order")
    func minute() async throws {
        let provider = try provider(["requests_per_minute": 2])
        for _ in 1...2 { _ = try await provider.core.lease(need()) }
        let third = await waiter(provider, need())
        let fourth = await waiter(provider, need())
        // Two deadlines, and the end of the minute.
        await time.waitForSleepers(3, of: third, fourth)
        time.advance(by: .seconds(59))
        #expect(provider.core.pool.read { $0.waitingCount } == 2)
        time.advance(by: .seconds(2))
        _ = try await third.value
        _ = try await fourth.value
    }

    @Test("tokens that an answer did not need are free for the next call at once")
    func tokens() async throws {
        let provider = try provider(["tokens_per_minute": 1000])
        let first = try await provider.core.lease(need(tokens: 900))
        let second = await waiter(provider, need(tokens: 500))
        first.succeeded(tokens: 100)
        let third = await waiter(provider, need(tokens: 900))
        // Nothing was generated for a call that was refused.
        try await second.value.failed(ProviderError(.unavailable, "x"))
        _ = try await third.value
    }

    @Test("closing the provider ends all waiting, and lets nobody in any more")
    func closing() async throws {
        let provider = try provider(["max_concurrent_requests": 1])
        let current = try await provider.core.lease(need())
        let waiters = [await waiter(provider, need()), await waiter(provider, need())]
        await provider.close()
        for waiter in waiters {
            let error = await #expect(throws: ProviderError.self) { try await waiter.value }
            #expect(error?.message == "the provider was closed")
        }
        current.succeeded(tokens: nil)
        let error = await thrown { () throws(ProviderError) in _ = try await provider.core.lease(need()) }
        #expect(error?.code == .cancelled)
        await provider.close()
    }

    @Test("closing leaves no alarm behind")
    func closingEndsAlarms() async throws {
        let provider = try provider(["requests_per_minute": 1])
        _ = try await provider.core.lease(need())
        let waiting = await waiter(provider, need())
        // The call's deadline, and the end of the minute.
        await time.waitForSleepers(2)
        await provider.close()
        _ = await #expect(throws: ProviderError.self) { try await waiting.value }
        #expect(time.alarms.isEmpty)
    }

    @Test("a call that may not wait is not tried again: it would only be refused once more")
    func refusedOnce() async throws {
        let fleet = ScriptedFleet(["a": .init(), "b": .init()])
        let events = EventCollector()
        let provider = try fleet.provider(
            ["max_concurrent_requests": 1, "queue_limit": 0, "max_retries": 3, "min_retry_delay": 0.001], events: events)
        let need = LeaseNeed(tokens: 0, timeout: .seconds(60), deadline: .now + .seconds(60))
        let leases = [try await provider.core.lease(need), try await provider.core.lease(need)]
        let error = await provider.failure()
        #expect(error?.details["setting"] == "queue_limit")
        #expect(error?.isRetryable == true, "later, by the host")
        #expect(events.named(EventName.providerRetry).isEmpty)
        for lease in leases { lease.abandoned() }
    }

    @Test("a call that has waited for queue_timeout does not wait so long again for each retry")
    func queueTimeoutOnce() async throws {
        let events = EventCollector()
        let provider = try VLLMProvider(
            ["max_concurrent_requests": 1, "queue_timeout": 0.01, "max_retries": 3, "min_retry_delay": 0.001],
            transport: ScriptedTransport([]), events: events)
        let busy = try await provider.core.lease(LeaseNeed(tokens: 0, timeout: .seconds(60), deadline: .now + .seconds(60)))
        #expect(await provider.failure()?.details["setting"] == "queue_timeout")
        #expect(events.named(EventName.providerRetry).isEmpty)
        busy.abandoned()
    }

    @Test("open circuits refuse at once: which servers, why, and until when")
    func openCircuits() async throws {
        let events = EventCollector()
        let provider = try provider(
            ["base_url": "http://a", "base_urls": ["http://b"], "circuit_breaker_threshold": 1, "health_check_interval": 0], events: events)
        for seconds in [0, 10] {
            time.advance(by: .seconds(seconds))
            try await provider.core.lease(need()).failed(ProviderError(.unavailable, "the engine is dead"))
        }
        let error = await thrown { () throws(ProviderError) in _ = try await provider.core.lease(need()) }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(error?.retryAfter == .seconds(20))
        #expect(
            error?.message == "all servers are left alone: http://a after a failure (again in 20 s; the last one: the engine is dead); "
                + "http://b after a failure (again in 30 s; the last one: the engine is dead)")
        #expect(error?.details["circuit"] == "open")
        #expect(error?.details["servers"] == ["http://a", "http://b"])
        #expect(events.named(EventName.providerWarning).map { $0["server"] } == ["http://a", "http://b"])
        time.advance(by: .seconds(20))
        #expect(try await provider.core.lease(need()).core.settings.baseURL.root == "http://a")
    }
}
