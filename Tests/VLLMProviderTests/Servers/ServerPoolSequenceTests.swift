import JSON
import ProviderKit
import TestSupport
import Testing

@testable import VLLMProvider

@Suite("Any sequence of calls, probes and times of a pool of servers")
struct ServerPoolSequenceTests {
    private let start = ContinuousClock.now

    @Test(
        "whatever happens: no server has too much, nobody waits without need, and the line keeps its order",
        arguments: 1...60 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var model = Model(
            pool: ServerPoolState(try .testing(servers: Int.random(in: 1...4, using: &random), Model.settings(&random))))
        var now = start
        var wake: ContinuousClock.Instant?
        for _ in 1...500 {
            var next = now + .milliseconds(Int.random(in: 0...2000, using: &random))
            // Nobody looks at the line but when something happens, and when it said to.
            let isAlarm = wake.map { $0 <= next } ?? false
            if let wake, isAlarm { next = max(now, wake) }
            now = next
            model.checkNeed(isAlarm ? now - .nanoseconds(1) : now)
            if !isAlarm { model.step(now, &random) }
            wake = model.settle(now)
        }
    }

    /// Calls, probes and times of a pool, and what must hold of them.
    private struct Model {
        private static let down = ServerLease.Report.failed(ProviderError(.unavailable, "out of order"), hasAnswered: false)
        private static let most = 2

        static func settings(_ random: inout SplitMix) -> JSONObject {
            [
                "max_concurrent_requests": .integer(most), "queue_limit": 20,
                "circuit_breaker_threshold": .integer(Int.random(in: 0...3, using: &random)),
                "health_check_interval": .integer(Int.random(in: 0...1, using: &random) * 5),
                "server_selection": Bool.random(using: &random) ? "ordered" : "least_busy",
            ]
        }

        var pool: ServerPoolState
        var held: [LeaseGrant] = []
        var waiting: [(number: Int, request: LeaseRequest)] = []
        /// Servers with a probe under way.
        var probing: [Int] = []

        init(pool: ServerPoolState) { self.pool = pool }

        private var servers: Range<Int> { pool.members.indices }

        mutating func step(_ now: ContinuousClock.Instant, _ random: inout SplitMix) {
            switch Int.random(in: 0...10, using: &random) {
            case 0..<5:
                let some = { (random: inout SplitMix, range: Range<Int>) in
                    Set(range.filter { _ in Int.random(in: 0...4, using: &random) == 0 })
                }
                ask(LeaseRequest(tried: some(&random, servers), lacking: some(&random, servers)), now)
            case 5 where !waiting.isEmpty:
                pool.leave(waiting.remove(at: Int.random(in: waiting.indices, using: &random)).number)
            case 6 where !probing.isEmpty:
                pool.probed(probing.removeFirst(), isWell: Bool.random(using: &random), now)
            default:
                guard let grant = held.indices.randomElement(using: &random).map({ held.remove(at: $0) }) else { return }
                let reports = [Self.down, .abandoned, .succeeded(tokens: 5)]
                _ = pool.report(reports.randomElement(using: &random) ?? .abandoned, of: grant, now)
            }
        }

        private mutating func ask(_ request: LeaseRequest, _ now: ContinuousClock.Instant) {
            switch pool.ask(request, now) {
            case .granted(let grant): held.append(grant)
            case .waits(let number, _): waiting.append((number, request))
            // Some in line may have been let go for this one that were not told yet.
            case .refused(.queueFull): #expect(waiting.count >= 20)
            case .refused(.circuitsOpen(let circuits)): #expect(!circuits.isEmpty)
            }
        }

        /// Lets those in line go, as the shell does.
        mutating func settle(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
            probing += pool.takeDueProbes(now)
            let settlement = pool.settle(now)
            let answered = Set(settlement.answers.map(\.number))
            // Who is answered stands in front of all that wait for the same servers.
            let blocked = waiting.filter { !answered.contains($0.number) && $0.request.lacking.isEmpty }.map(\.number).min() ?? .max
            for number in waiting.filter({ answered.contains($0.number) && $0.request.lacking.isEmpty }).map(\.number) {
                #expect(number < blocked)
            }
            waiting.removeAll { answered.contains($0.number) }
            for case .granted(let grant) in settlement.answers.map(\.answer) { held.append(grant) }
            #expect(pool.waitingCount == waiting.count)
            for server in servers {
                #expect(held.count { $0.server == server } == pool.members[server].leases)
                #expect(pool.members[server].leases <= Self.most)
            }
            if let wake = settlement.wake { #expect(wake > now) }
            checkNeed(now)
            return settlement.wake
        }

        /// Nobody waits who could be served, and nobody waits for a server that is to be probed.
        func checkNeed(_ now: ContinuousClock.Instant) {
            let idle = Set(
                servers.filter { server in
                    let member = pool.members[server]
                    guard member.leases < Self.most else { return false }
                    if case .refused? = member.breaker?.admission(now) { return false }
                    return true
                })
            for (_, request) in waiting {
                let able = Set(servers).subtracting(request.lacking)
                #expect(idle.isDisjoint(with: able.isEmpty ? Set(servers) : able))
            }
            guard !waiting.isEmpty else { return }
            for (server, member) in pool.members.enumerated() where member.breaker?.wantsProbe ?? false {
                if let next = member.nextProbe, next <= now { #expect(probing.contains(server)) }
            }
        }
    }
}
