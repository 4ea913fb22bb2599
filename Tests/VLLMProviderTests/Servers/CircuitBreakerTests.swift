import JSON
import ProviderKit
import TestSupport
import Testing

@testable import VLLMProvider

@Suite("A circuit breaker")
struct CircuitBreakerTests {
    private static let refused = CircuitBreaker.Failure(message: "no connection", isSilence: false)
    private static let silent = CircuitBreaker.Failure(message: "no answer", isSilence: true)
    private let start = ContinuousClock.now

    private func breaker(_ threshold: Int = 3) -> CircuitBreaker {
        CircuitBreaker(CircuitBreaker.Settings(threshold: threshold, cooldown: .seconds(30)))
    }

    private func opened(by failure: CircuitBreaker.Failure = refused) -> CircuitBreaker {
        var breaker = breaker(1)
        breaker.failed(breaker.begin(start), failure, start)
        return breaker
    }

    @Test("opens after so many failures in a row, and a success in between starts the count anew")
    func threshold() {
        var breaker = breaker()
        for isFailure in [true, true, false, true, true] {
            if isFailure { breaker.failed(breaker.begin(start), Self.refused, start) } else { breaker.succeeded(breaker.begin(start)) }
            #expect(breaker.admission(start) == .free)
        }
        breaker.failed(breaker.begin(start), Self.refused, start)
        #expect(breaker.admission(start) == .refused(until: start + .seconds(30), isOnTrial: false))
        #expect(breaker.opening?.failures == 3)
    }

    @Test("lets one call try after the cooldown, and no other beside it")
    func trial() {
        var breaker = opened()
        #expect(breaker.admission(start + .seconds(29)) == .refused(until: start + .seconds(30), isOnTrial: false))
        let time = start + .seconds(30)
        #expect(breaker.admission(time) == .trial(isDue: false))
        let permit = breaker.begin(time)
        #expect(permit.isTrial)
        #expect(breaker.admission(time) == .refused(until: time + .seconds(30), isOnTrial: true))
        breaker.succeeded(permit)
        #expect(breaker.admission(time) == .free)
    }

    @Test("a trial that fails keeps it open for another cooldown")
    func failedTrial() {
        var breaker = opened()
        let time = start + .seconds(40)
        breaker.failed(breaker.begin(start), Self.refused, time)
        #expect(breaker.admission(time) == .refused(until: time + .seconds(30), isOnTrial: false))
        #expect(breaker.opening?.failures == 2)
    }

    @Test("a trial that nobody waits for gives the next call the trial")
    func abandonedTrial() {
        var breaker = opened()
        breaker.abandoned(breaker.begin(start))
        #expect(breaker.admission(start + .seconds(30)) == .trial(isDue: false))
    }

    @Test("the beginning of an answer ends a trial, and what breaks off later counts as any failure")
    func answeredTrial() {
        var breaker = breaker(2)
        for _ in 1...2 { breaker.failed(breaker.begin(start), Self.refused, start) }
        let permit = breaker.begin(start)
        breaker.answered(permit)
        #expect(breaker.admission(start) == .free)
        breaker.failed(permit, Self.refused, start)
        #expect(breaker.admission(start) == .free)
        breaker.failed(breaker.begin(start), Self.refused, start)
        #expect(breaker.opening?.failures == 2)
    }

    @Test("the beginning of an answer does not make up for streams that always break off")
    func brokenStreams() {
        var breaker = breaker()
        for _ in 1...3 {
            let permit = breaker.begin(start)
            breaker.answered(permit)
            breaker.failed(permit, Self.refused, start)
        }
        #expect(breaker.opening != nil)
    }

    @Test("calls from before it opened no longer count")
    func staleCalls() {
        var breaker = breaker(1)
        let (late, alsoLate, failing) = (breaker.begin(start), breaker.begin(start), breaker.begin(start))
        breaker.failed(failing, Self.refused, start)
        breaker.succeeded(late)
        breaker.failed(alsoLate, Self.refused, start + .seconds(20))
        #expect(breaker.admission(start + .seconds(1)) == .refused(until: start + .seconds(30), isOnTrial: false))
    }

    @Test("a probe that is passed ends the cooldown, but a server that was silent has to wait: paused engines answer probes")
    func passedProbe() {
        var (refusing, hanging) = (opened(), opened(by: Self.silent))
        refusing.passedProbe()
        hanging.passedProbe()
        #expect(refusing.admission(start) == .trial(isDue: true))
        #expect(hanging.admission(start) == .refused(until: start + .seconds(30), isOnTrial: false))
        #expect(hanging.admission(start + .seconds(30)) == .trial(isDue: true))
        #expect(refusing.opening != nil, "only a call closes it")
    }

    @Test("a probe that is failed puts the trial off until the next one, and never brings it forward")
    func failedProbe() {
        var breaker = opened()
        breaker.failedProbe(next: start + .seconds(10), start + .seconds(5))
        #expect(breaker.admission(start + .seconds(20)) == .refused(until: start + .seconds(30), isOnTrial: false))
        breaker.failedProbe(next: start + .seconds(35), start + .seconds(30))
        #expect(breaker.admission(start + .seconds(34)) == .refused(until: start + .seconds(35), isOnTrial: false))
    }

    @Test("a trial that takes long lets another call try in each cooldown, and each of them can close the circuit", arguments: [0, 1])
    func longTrial(answered: Int) {
        var breaker = opened()
        let time = start + .seconds(30)
        var permits = [breaker.begin(time)]
        #expect(breaker.admission(time + .seconds(29)) == .refused(until: time + .seconds(30), isOnTrial: true))
        #expect(breaker.admission(time + .seconds(30)) == .trial(isDue: false))
        permits.append(breaker.begin(time + .seconds(30)))
        #expect(breaker.admission(time + .seconds(31)) == .refused(until: time + .seconds(60), isOnTrial: true))
        breaker.succeeded(permits[answered])
        #expect(breaker.admission(time + .seconds(31)) == .free)
    }

    @Test("an earlier trial that nobody waits for lets no other call try while a later one is under way")
    func abandonedEarlierTrial() {
        var breaker = opened()
        let time = start + .seconds(30)
        let (first, second) = (breaker.begin(time), breaker.begin(time + .seconds(30)))
        breaker.abandoned(first)
        #expect(breaker.admission(time + .seconds(31)) == .refused(until: time + .seconds(60), isOnTrial: true))
        breaker.abandoned(second)
        #expect(breaker.admission(time + .seconds(31)) == .trial(isDue: false))
    }

    @Test("further trials of a server that hangs are for calls that have no other, whatever probes say", arguments: [silent, refused])
    func furtherTrial(failure: CircuitBreaker.Failure) {
        var breaker = opened(by: failure)
        breaker.passedProbe()
        let time = start + .seconds(30)
        _ = breaker.begin(time)
        #expect(breaker.admission(time + .seconds(30)) == .trial(isDue: !failure.isSilence))
    }

    @Test("three failed probes after the cooldown are followed by a trial: a /health that always fails shuts no server out")
    func wrongProbes() {
        var breaker = opened()
        for seconds in [5, 10, 15, 20, 25] { breaker.failedProbe(next: start + .seconds(seconds + 5), start + .seconds(seconds)) }
        for seconds in [30, 35] {
            breaker.failedProbe(next: start + .seconds(seconds + 5), start + .seconds(seconds))
            #expect(breaker.admission(start + .seconds(seconds)) == .refused(until: start + .seconds(seconds + 5), isOnTrial: false))
        }
        breaker.failedProbe(next: start + .seconds(45), start + .seconds(40))
        #expect(breaker.admission(start + .seconds(40)) == .trial(isDue: true))
    }

    @Test(
        "is never asked by two trials within a cooldown, and is open exactly after enough failures, whatever happens",
        arguments: 1...50 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let threshold = Int.random(in: 1...4, using: &random)
        var breaker = breaker(threshold)
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
                    let failure = Bool.random(using: &random) ? Self.refused : Self.silent
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

    @Test(
        "counts what speaks of the server",
        arguments: [
            (.unavailable, [:], false, true), (.network, [:], true, true), (.stream, [:], true, true),
            (.stream, ["setting": "max_answer_bytes"], true, false),
            (.timeout, [:], false, true),
            (.timeout, ["setting": "first_byte_timeout", "seconds": 20.0], false, true),
            (.timeout, ["setting": "first_byte_timeout", "seconds": 0.1], false, false),
            (.timeout, ["setting": "connect_timeout", "seconds": 10.0], false, true),
            (.timeout, ["setting": "connect_timeout", "seconds": 9.0], false, false),
            (.timeout, ["setting": "stream_idle_timeout", "seconds": 300.0], true, true),
            (.timeout, ["setting": "stream_idle_timeout", "seconds": 1.0], true, false),
            (.timeout, ["setting": "timeout", "seconds": 1.0], false, true),
            (.timeout, ["setting": "timeout", "seconds": 600.0], true, false),
            (.rateLimit, [:], false, false), (.invalidRequest, [:], false, false), (.notFound, [:], false, false),
            (.authentication, [:], false, false), (.contextLength, [:], false, false), (.invalidToolCall, [:], true, false),
        ] as [(ProviderError.Code, JSONObject, Bool, Bool)])
    func failures(code: ProviderError.Code, details: JSONObject, hasAnswered: Bool, counts: Bool) throws {
        let error = ProviderError(code, "x", details: details)
        let failure = CircuitBreaker.Failure(error, hasAnswered: hasAnswered, after: .seconds(20), limits: try limits())
        #expect((failure != nil) == counts)
    }

    @Test("does not count the time of a call that waited, or asked others, until little was left", arguments: [19, 20, 500])
    func restOfTime(seconds: Int) throws {
        let error = ProviderError(.timeout, "x", details: ["setting": "timeout", "seconds": 600.0])
        let failure = CircuitBreaker.Failure(error, hasAnswered: false, after: .seconds(seconds), limits: try limits())
        #expect((failure != nil) == (seconds >= 20))
    }

    private func limits() throws -> TimeLimits { try ServerSettings.testing(["first_byte_timeout": 20.0]).limits }

    @Test("knows silence from refusal")
    func silence() throws {
        let limits = try limits()
        func failure(_ code: ProviderError.Code, _ setting: String? = nil) -> CircuitBreaker.Failure? {
            CircuitBreaker.Failure(
                ProviderError(code, "x", details: setting.map { ["setting": .string($0)] } ?? [:]), hasAnswered: false,
                after: .zero, limits: limits)
        }
        #expect(failure(.timeout, "first_byte_timeout")?.isSilence == true)
        #expect(failure(.timeout)?.isSilence == true, "a gateway's 504")
        #expect(failure(.timeout, "connect_timeout")?.isSilence == false)
        #expect(failure(.network)?.isSilence == false)
    }
}
