import ProviderKit
import TestSupport
import Testing

@testable import VLLMProvider

@Suite("Any sequence of calls and probes of a circuit breaker")
struct CircuitBreakerSequenceTests {
    private let start = ContinuousClock.now

    @Test(
        "a server is never asked by two trials within a cooldown, and is open exactly after enough failures, whatever happens",
        arguments: 1...50 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let threshold = Int.random(in: 1...4, using: &random)
        var breaker = CircuitBreaker(CircuitBreaker.Settings(threshold: threshold, cooldown: .seconds(30)))
        var model = Model(threshold: threshold)
        var now = start
        for _ in 1...600 {
            now += .seconds(Int.random(in: 0...10, using: &random))
            switch Int.random(in: 0...5, using: &random) {
            case 0, 1:
                let admission = breaker.admission(now)
                model.check(admission, now)
                if case .refused = admission { continue }
                model.begin(breaker.begin(now), now)
            case 2 where breaker.wantsProbe:
                #expect(model.opening != nil && model.lastTrial == nil)
                let isWell = Bool.random(using: &random)
                if isWell { breaker.passedProbe() } else { breaker.failedProbe(next: now + .seconds(5), now) }
                model.probed(isWell: isWell, now)
            default:
                guard let number = model.permits.indices.randomElement(using: &random) else { continue }
                let permit = model.permits[number]
                switch Int.random(in: 0...3, using: &random) {
                case 0:
                    breaker.abandoned(permit)
                    model.end(number)
                case 1:
                    breaker.succeeded(permit)
                    model.succeeded(number)
                case 2:
                    breaker.answered(permit)
                    model.answered(number)
                default:
                    let failure = CircuitBreaker.Failure(message: "x", isSilence: Bool.random(using: &random))
                    breaker.failed(permit, failure, now)
                    model.failed(number, failure, now)
                }
            }
            #expect((breaker.opening != nil) == (model.opening != nil))
        }
    }

    /// What a breaker with a cooldown of 30 s ought to do, said another way.
    private struct Model {
        struct Opening {
            var cooldownEnd: ContinuousClock.Instant
            var isSilence: Bool
            var isWell: Bool?
            var failedProbes = 0
        }

        let threshold: Int
        var failures = 0
        var opening: Opening?
        /// Of calls under way that still count.
        var permits: [CircuitBreaker.Permit] = []
        /// The last trial, while it is under way.
        var lastTrial: (permit: CircuitBreaker.Permit, time: ContinuousClock.Instant)?

        init(threshold: Int) { self.threshold = threshold }

        func check(_ admission: CircuitBreaker.Admission, _ now: ContinuousClock.Instant) {
            let isWaitedFor = lastTrial.map { now < $0.time + .seconds(30) } ?? false
            switch admission {
            case .free: #expect(opening == nil)
            case .trial:
                #expect(!isWaitedFor)
                guard let opening else {
                    Issue.record("a trial without need")
                    return
                }
                if now < opening.cooldownEnd, lastTrial == nil { #expect(opening.isWell == true && !opening.isSilence) }
            case .refused(let until, let isOnTrial):
                #expect(until > now)
                #expect(isOnTrial == isWaitedFor)
                guard let opening else {
                    Issue.record("refused without need")
                    return
                }
                if !isOnTrial, now >= opening.cooldownEnd { #expect(opening.isWell == false && opening.failedProbes < 3) }
            }
        }

        mutating func begin(_ permit: CircuitBreaker.Permit, _ now: ContinuousClock.Instant) {
            #expect(permit.isTrial == (opening != nil))
            if permit.isTrial { lastTrial = (permit, now) }
            permits.append(permit)
        }

        mutating func probed(isWell: Bool, _ now: ContinuousClock.Instant) {
            if isWell { opening?.failedProbes = 0 } else if let end = opening?.cooldownEnd, now >= end { opening?.failedProbes += 1 }
            opening?.isWell = isWell
        }

        mutating func end(_ number: Int) {
            if permits.remove(at: number) == lastTrial?.permit { lastTrial = nil }
        }

        mutating func answered(_ number: Int) {
            if permits[number].isTrial, opening != nil { close() }
        }

        mutating func succeeded(_ number: Int) {
            end(number)
            close()
        }

        mutating func failed(_ number: Int, _ failure: CircuitBreaker.Failure, _ now: ContinuousClock.Instant) {
            end(number)
            failures += 1
            guard opening != nil || failures >= threshold else { return }
            opening = Opening(cooldownEnd: now + .seconds(30), isSilence: failure.isSilence)
            // What was begun before says nothing any more.
            (permits, lastTrial) = ([], nil)
        }

        private mutating func close() {
            (failures, opening, lastTrial) = (0, nil, nil)
        }
    }
}
