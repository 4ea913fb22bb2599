import JSON
import ProviderKit
import TestSupport
import Testing

@testable import VLLMProvider

@Suite("A pool of servers")
struct ServerPoolStateTests {
    private static let down = ServerLease.Report.failed(ProviderError(.unavailable, "out of order"), hasAnswered: false)
    private let start = ContinuousClock.now

    private func pool(_ servers: Int, _ settings: JSONObject = [:]) throws -> ServerPoolState {
        ServerPoolState(try .testing(servers: servers, settings))
    }

    private func grant(_ pool: inout ServerPoolState, _ request: LeaseRequest = LeaseRequest(), after: Duration = .zero) throws
        -> LeaseGrant
    {
        guard case .granted(let grant) = pool.ask(request, start + after) else { throw ProviderError(.other, "not granted") }
        return grant
    }

    private func fail(_ pool: inout ServerPoolState, times: Int = 3, after: Duration = .zero) throws {
        for _ in 1...times { _ = pool.report(Self.down, of: try grant(&pool, after: after), start + after) }
    }

    @Test("ordered: the first server is asked until it fails too often, then the next, and the first again when it is well")
    func ordered() throws {
        var pool = try pool(3)
        #expect(try grant(&pool).server == 0)
        try fail(&pool)
        #expect(try grant(&pool).server == 1)
        #expect(pool.takeDueProbes(start + .seconds(4)) == [])
        #expect(pool.takeDueProbes(start + .seconds(5)) == [0])
        #expect(pool.takeDueProbes(start + .seconds(6)) == [], "one at a time")
        pool.probed(0, isWell: false, start + .seconds(6))
        #expect(try grant(&pool, after: .seconds(7)).server == 1)
        #expect(pool.takeDueProbes(start + .seconds(11)) == [0])
        pool.probed(0, isWell: true, start + .seconds(11))
        let trial = try grant(&pool, after: .seconds(12))
        #expect(trial.server == 0)
        #expect(try grant(&pool, after: .seconds(12)).server == 1, "one call is on trial")
        _ = pool.report(.answered, of: trial, start + .seconds(13))
        #expect(try grant(&pool, after: .seconds(13)).server == 0)
    }

    @Test("a server is tried without a probe only where there is no other, or where probes are off")
    func unprobedTrial() throws {
        var pool = try pool(2)
        try fail(&pool)
        #expect(try grant(&pool, after: .seconds(31)).server == 1)
        try fail(&pool, after: .seconds(31))
        #expect(try grant(&pool, after: .seconds(32)).server == 0)

        pool = try self.pool(2, ["health_check_interval": 0])
        try fail(&pool)
        #expect(pool.takeDueProbes(start + .seconds(100)) == [])
        #expect(try grant(&pool, after: .seconds(31)).server == 0)
    }

    @Test("with all circuits open calls are refused, and told when the first server may be asked")
    func allOpen() throws {
        var pool = try pool(2, ["circuit_breaker_threshold": 1, "health_check_interval": 0])
        try fail(&pool, times: 1)
        try fail(&pool, times: 1, after: .seconds(10))
        guard case .refused(.circuitsOpen(let circuits)) = pool.ask(LeaseRequest(), start + .seconds(20)) else {
            Issue.record("not refused")
            return
        }
        #expect(circuits.map(\.server) == [0, 1])
        #expect(circuits.map(\.until) == [start + .seconds(30), start + .seconds(40)])
        #expect(circuits[0].opening.failure.message == "out of order")
    }

    @Test("those in line are sent away when the last circuit opens")
    func lineWithoutServer() throws {
        var pool = try pool(1, ["circuit_breaker_threshold": 1, "max_concurrent_requests": 1])
        let first = try grant(&pool)
        guard case .waits(let number, let delay) = pool.ask(LeaseRequest(), start) else {
            Issue.record("does not wait")
            return
        }
        #expect(delay.setting == "max_concurrent_requests")
        if case .opened? = pool.report(Self.down, of: first, start) {} else { Issue.record("not opened") }
        let answers = pool.settle(start).answers
        #expect(answers.map(\.number) == [number])
        if case .refused(.circuitsOpen)? = answers.first?.answer {} else { Issue.record("not refused") }
    }

    @Test("one server is always asked, however often it fails")
    func oneServer() throws {
        var pool = try pool(1)
        try fail(&pool, times: 100)
        #expect(try grant(&pool).server == 0)
    }

    @Test("a call goes on to a server that it has not tried, and back to a tried one only where there is no other")
    func tried() throws {
        var pool = try pool(3)
        #expect(try grant(&pool, LeaseRequest(tried: [0])).server == 1)
        #expect(try grant(&pool, LeaseRequest(tried: [0, 1])).server == 2)
        #expect(try grant(&pool, LeaseRequest(tried: [0, 1, 2])).server == 0)
        #expect(pool.hasUntried(LeaseRequest(tried: [0, 1]), start))
        #expect(!pool.hasUntried(LeaseRequest(tried: [0, 1, 2]), start))
        #expect(!pool.hasUntried(LeaseRequest(tried: [0], lacking: [1, 2]), start))
    }

    @Test("a server that is known not to have the model is asked only where none is known better")
    func models() throws {
        var pool = try pool(2)
        #expect(try grant(&pool, LeaseRequest(lacking: [0])).server == 1)
        #expect(try grant(&pool, LeaseRequest(lacking: [0, 1])).server == 0)
        #expect(try grant(&pool, LeaseRequest(tried: [1], lacking: [0])).server == 1)
    }

    @Test("a full server leaves calls to the next; when all are full they wait, and no more than queue_limit")
    func overflow() throws {
        var pool = try pool(2, ["max_concurrent_requests": 1, "queue_limit": 1])
        #expect(try (0..<2).map { _ in try grant(&pool).server } == [0, 1])
        guard case .waits = pool.ask(LeaseRequest(), start) else {
            Issue.record("does not wait")
            return
        }
        guard case .refused(.queueFull(let delay)) = pool.ask(LeaseRequest(), start) else {
            Issue.record("not refused")
            return
        }
        #expect(delay == LeaseDelay(setting: "max_concurrent_requests"))
    }

    @Test("those in line for one server hold nobody up whom another can serve, also where the line is full")
    func idleServer() throws {
        var pool = try pool(2, ["max_concurrent_requests": 1, "queue_limit": 1])
        _ = try grant(&pool, LeaseRequest(lacking: [1]))
        guard case .waits = pool.ask(LeaseRequest(lacking: [1]), start) else {
            Issue.record("does not wait")
            return
        }
        #expect(try grant(&pool, LeaseRequest(lacking: [0])).server == 1)
        #expect(pool.settle(start).answers.isEmpty)
    }

    @Test("a call goes back to a server that it has tried where the others are full, and that is no chance to fail over")
    func triedWithRoom() throws {
        var pool = try pool(2, ["max_concurrent_requests": 1])
        let first = try grant(&pool)
        _ = try grant(&pool)
        _ = pool.report(.abandoned, of: first, start)
        #expect(!pool.hasUntried(LeaseRequest(tried: [0]), start))
        #expect(try grant(&pool, LeaseRequest(tried: [0])).server == 0)
    }

    /// A pool of which one server is left alone and the other one full, and one call waits.
    private func poolWithLine(_ settings: JSONObject = [:]) throws -> ServerPoolState {
        let limits: JSONObject = ["max_concurrent_requests": 1, "circuit_breaker_threshold": 1]
        var pool = try pool(2, limits.with(settings))
        try fail(&pool, times: 1)
        #expect(try grant(&pool).server == 1)
        guard case .waits = pool.ask(LeaseRequest(), start) else { throw ProviderError(.other, "does not wait") }
        return pool
    }

    @Test("those in line are looked at when a server is to be probed, and go to it when it has passed")
    func wakeForProbe() throws {
        var pool = try poolWithLine()
        let wake = try #require(pool.settle(start).wake)
        #expect(wake == start + .seconds(5))
        #expect(pool.takeDueProbes(wake) == [0])
        #expect(pool.settle(wake).wake == start + .seconds(30), "a probe is under way")
        pool.probed(0, isWell: true, wake + .seconds(1))
        let answers = pool.settle(wake + .seconds(1)).answers
        guard case .granted(let grant)? = answers.first?.answer else {
            Issue.record("still waits")
            return
        }
        #expect(grant.server == 0)
    }

    @Test("those in line are looked at when a server's cooldown ends", arguments: [0.0, 60])
    func wakeForTrial(interval: Double) throws {
        var pool = try poolWithLine(["health_check_interval": .double(interval)])
        let wake = try #require(pool.settle(start).wake)
        #expect(wake == start + .seconds(30))
        #expect(pool.settle(wake).answers.count == 1)
    }

    @Test("a server whose probes always fail gets a trial in the end, though another has room")
    func wrongProbes() throws {
        var pool = try pool(2, ["circuit_breaker_threshold": 1])
        try fail(&pool, times: 1)
        var now = start
        for seconds in stride(from: 5, through: 40, by: 5) {
            now = start + .seconds(seconds)
            #expect(pool.takeDueProbes(now) == [0])
            #expect(try grant(&pool, after: .seconds(seconds)).server == 1)
            pool.probed(0, isWell: false, now)
        }
        #expect(try grant(&pool, after: .seconds(40)).server == 0)
    }

    @Test(
        "a trial that the server refuses closes its circuit: it is there, and answers",
        arguments: [(400, true), (429, true), (nil, false)] as [(Int?, Bool)])
    func refusedTrial(status: Int?, closes: Bool) throws {
        var pool = try pool(1, ["circuit_breaker_threshold": 1])
        try fail(&pool, times: 1)
        let trial = try grant(&pool, after: .seconds(30))
        var error = ProviderError(.invalidRequest, "no such field")
        error.status = status
        let change = pool.report(.failed(error, hasAnswered: false), of: trial, start + .seconds(31))
        if case .closed? = change { #expect(closes) } else { #expect(!closes) }
        #expect((pool.members[0].breaker?.opening == nil) == closes)
    }

    @Test("a call's time that was spent elsewhere does not open a circuit, and time that the server had does", arguments: [299, 300])
    func timeElsewhere(seconds: Int) throws {
        var pool = try pool(1, ["circuit_breaker_threshold": 1])
        let error = ProviderError(.timeout, "x", details: ["setting": "timeout", "seconds": 600.0])
        let change = pool.report(.failed(error, hasAnswered: false), of: try grant(&pool), start + .seconds(seconds))
        if case .opened? = change { #expect(seconds == 300) } else { #expect(seconds == 299) }
    }

    @Test("nobody passes those in line, also where less is needed")
    func noOvertaking() throws {
        var pool = try pool(1, ["tokens_per_minute": 100])
        _ = try grant(&pool, LeaseRequest(tokens: 60))
        guard case .waits = pool.ask(LeaseRequest(tokens: 60), start), case .waits(_, let delay) = pool.ask(LeaseRequest(tokens: 1), start)
        else {
            Issue.record("does not wait")
            return
        }
        #expect(delay.setting == "tokens_per_minute")
        let before = pool.settle(start)
        #expect(before.answers.isEmpty)
        let after = pool.settle(try #require(before.wake))
        #expect(after.answers.count == 2)
    }

    @Test("least_busy: the server with the fewest requests of all clients, as it told, and ours since then")
    func leastBusy() throws {
        var pool = try pool(3, ["server_selection": "least_busy"])
        #expect(try (0..<4).map { _ in try grant(&pool).server } == [0, 1, 2, 0], "by our own, as long as nothing is known")
        for (server, requests) in [5, 1, 3].enumerated() { pool.reported(server, .requests(requests), start) }
        #expect(try (0..<4).map { _ in try grant(&pool).server } == [1, 1, 1, 2])
        pool.reported(0, .untold, start)
        #expect(try grant(&pool).server == 0, "two of ours are all that is known of it")
        pool.reported(1, .unasked, start)
        for _ in 1...2 { #expect(try grant(&pool).server != 1, "what it told last holds") }
    }

    @Test("what a server told counts for ten seconds, and it is asked again after one", arguments: [ServerLoad.unreachable, .requests(7)])
    func pollTimes(load: ServerLoad) throws {
        var pool = try pool(2, ["server_selection": "least_busy"])
        #expect(pool.takeDuePoll(start) == .first)
        #expect(pool.takeDuePoll(start) == .none)
        pool.reported(0, load, start)
        #expect(try grant(&pool, after: .milliseconds(900)).server == 1)
        #expect(pool.takeDuePoll(start + .milliseconds(1100)) == .inBackground)
        #expect(pool.takeDuePoll(start + .seconds(12)) == .first)
        #expect(try grant(&pool, after: .seconds(11)).server == 0)
        pool = try self.pool(2)
        #expect(pool.takeDuePoll(start) == .none, "nobody wants to know")
    }
}
