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
        let hasOpened = pool.report(Self.down, of: first, start)
        #expect(hasOpened)
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
        for (server, requests) in [5, 1, 3].enumerated() { pool.reported(server, requests: requests, start) }
        #expect(try (0..<4).map { _ in try grant(&pool).server } == [1, 1, 1, 2])
        pool.reported(0, requests: nil, start)
        #expect(try grant(&pool).server == 0, "two of ours are all that is known of it")
    }

    @Test("what a server told counts for ten seconds, and it is asked again after one", arguments: [Int.max, 7])
    func pollTimes(requests: Int) throws {
        var pool = try pool(2, ["server_selection": "least_busy"])
        #expect(pool.takeDuePoll(start) == .first)
        #expect(pool.takeDuePoll(start) == .none)
        pool.reported(0, requests: requests, start)
        #expect(try grant(&pool, after: .milliseconds(900)).server == 1)
        #expect(pool.takeDuePoll(start + .milliseconds(1100)) == .inBackground)
        #expect(pool.takeDuePoll(start + .seconds(12)) == .first)
        #expect(try grant(&pool, after: .seconds(11)).server == 0)
        pool = try self.pool(2)
        #expect(pool.takeDuePoll(start) == .none, "nobody wants to know")
    }

    @Test(
        "whatever happens: no server has too much, nobody waits without need, and the line keeps its order",
        arguments: 1...40 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let (servers, most) = (Int.random(in: 1...4, using: &random), Int.random(in: 1...3, using: &random))
        var pool = try pool(
            servers,
            [
                "max_concurrent_requests": .integer(most), "queue_limit": 20,
                "circuit_breaker_threshold": .integer(Int.random(in: 0...3, using: &random)),
                "server_selection": Bool.random(using: &random) ? "ordered" : "least_busy",
            ])
        var now = start
        var held: [LeaseGrant] = []
        var waiting: [(number: Int, request: LeaseRequest)] = []
        for _ in 1...500 {
            now += .milliseconds(Int.random(in: 0...2000, using: &random))
            switch Int.random(in: 0...9, using: &random) {
            case 0..<5:
                let tried = Set((0..<servers).filter { _ in Int.random(in: 0...4, using: &random) == 0 })
                let request = LeaseRequest(tried: tried)
                switch pool.ask(request, now) {
                case .granted(let grant):
                    #expect(waiting.isEmpty)
                    held.append(grant)
                case .waits(let number, _): waiting.append((number, request))
                case .refused(.queueFull): #expect(waiting.count == 20)
                case .refused(.circuitsOpen(let circuits)): #expect(circuits.count == servers)
                }
            case 5 where !waiting.isEmpty:
                pool.leave(waiting.remove(at: Int.random(in: waiting.indices, using: &random)).number)
            default:
                guard let grant = held.indices.randomElement(using: &random).map({ held.remove(at: $0) }) else { continue }
                let reports = [Self.down, .abandoned, .succeeded(tokens: 5)]
                _ = pool.report(reports.randomElement(using: &random) ?? .abandoned, of: grant, now)
            }
            let answers = pool.settle(now).answers
            let answered = Set(answers.map(\.number))
            // Who is answered stands in front of all that wait for the same servers.
            let blocked = waiting.filter { !answered.contains($0.number) && $0.request.tried.isEmpty }.map(\.number).min() ?? .max
            for number in waiting.filter({ answered.contains($0.number) && $0.request.tried.isEmpty }).map(\.number) {
                #expect(number < blocked)
            }
            waiting.removeAll { answered.contains($0.number) }
            for case .granted(let grant) in answers.map(\.answer) { held.append(grant) }
            for server in 0..<servers {
                #expect(held.count { $0.server == server } == pool.members[server].leases)
                #expect(pool.members[server].leases <= most)
                #expect(held.count { $0.server == server && $0.permit?.isTrial == true } <= 1)
            }
            #expect(pool.waitingCount == waiting.count)
            let hasIdle = pool.members.contains { member in
                member.leases < most && member.breaker.map { if case .refused = $0.admission(now) { false } else { true } } ?? true
            }
            if hasIdle { #expect(waiting.allSatisfy { !$0.request.tried.isEmpty }) }
        }
    }
}
