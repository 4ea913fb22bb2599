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
        breaker.failed(breaker.begin(), failure, start)
        return breaker
    }

    @Test("opens after so many failures in a row, and a success in between starts the count anew")
    func threshold() {
        var breaker = breaker()
        for isFailure in [true, true, false, true, true] {
            if isFailure { breaker.failed(breaker.begin(), Self.refused, start) } else { breaker.succeeded(breaker.begin()) }
            #expect(breaker.admission(start) == .free)
        }
        breaker.failed(breaker.begin(), Self.refused, start)
        #expect(breaker.admission(start) == .refused(until: start + .seconds(30)))
        #expect(breaker.opening?.failures == 3)
    }

    @Test("lets one call try after the cooldown, and no other beside it")
    func trial() {
        var breaker = opened()
        #expect(breaker.admission(start + .seconds(29)) == .refused(until: start + .seconds(30)))
        let time = start + .seconds(30)
        #expect(breaker.admission(time) == .trial(isProbed: false))
        let permit = breaker.begin()
        #expect(permit.isTrial)
        #expect(breaker.admission(time) == .refused(until: nil))
        breaker.succeeded(permit)
        #expect(breaker.admission(time) == .free)
    }

    @Test("a trial that fails keeps it open for another cooldown")
    func failedTrial() {
        var breaker = opened()
        let time = start + .seconds(40)
        breaker.failed(breaker.begin(), Self.refused, time)
        #expect(breaker.admission(time) == .refused(until: time + .seconds(30)))
        #expect(breaker.opening?.failures == 2)
    }

    @Test("a trial that nobody waits for gives the next call the trial")
    func abandonedTrial() {
        var breaker = opened()
        breaker.abandoned(breaker.begin())
        #expect(breaker.admission(start + .seconds(30)) == .trial(isProbed: false))
    }

    @Test("the beginning of an answer ends a trial, and what breaks off later counts as any failure")
    func answeredTrial() {
        var breaker = breaker(2)
        for _ in 1...2 { breaker.failed(breaker.begin(), Self.refused, start) }
        let permit = breaker.begin()
        breaker.answered(permit)
        #expect(breaker.admission(start) == .free)
        breaker.failed(permit, Self.refused, start)
        #expect(breaker.admission(start) == .free)
        breaker.failed(breaker.begin(), Self.refused, start)
        #expect(breaker.opening?.failures == 2)
    }

    @Test("the beginning of an answer does not make up for streams that always break off")
    func brokenStreams() {
        var breaker = breaker()
        for _ in 1...3 {
            let permit = breaker.begin()
            breaker.answered(permit)
            breaker.failed(permit, Self.refused, start)
        }
        #expect(breaker.opening != nil)
    }

    @Test("calls from before it opened no longer count")
    func staleCalls() {
        var breaker = breaker(1)
        let (late, alsoLate, failing) = (breaker.begin(), breaker.begin(), breaker.begin())
        breaker.failed(failing, Self.refused, start)
        breaker.succeeded(late)
        breaker.failed(alsoLate, Self.refused, start + .seconds(20))
        #expect(breaker.admission(start + .seconds(1)) == .refused(until: start + .seconds(30)))
    }

    @Test("a probe that is passed ends the cooldown, but a server that was silent has to wait: paused engines answer probes")
    func passedProbe() {
        var (refusing, hanging) = (opened(), opened(by: Self.silent))
        refusing.passedProbe()
        hanging.passedProbe()
        #expect(refusing.admission(start) == .trial(isProbed: true))
        #expect(hanging.admission(start) == .refused(until: start + .seconds(30)))
        #expect(hanging.admission(start + .seconds(30)) == .trial(isProbed: true))
        #expect(refusing.opening != nil, "only a call closes it")
    }

    @Test("a probe that is failed puts the trial off until the next one, and never brings it forward")
    func failedProbe() {
        var breaker = opened()
        breaker.failedProbe(next: start + .seconds(10))
        #expect(breaker.admission(start + .seconds(20)) == .refused(until: start + .seconds(30)))
        breaker.failedProbe(next: start + .seconds(35))
        #expect(breaker.admission(start + .seconds(34)) == .refused(until: start + .seconds(35)))
    }

    @Test(
        "is never asked by two trials at once, and is open exactly after enough failures, whatever happens",
        arguments: 1...50 as ClosedRange<UInt64>)
    func anySequence(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let threshold = Int.random(in: 1...4, using: &random)
        var breaker = breaker(threshold)
        var now = start
        var held: [CircuitBreaker.Permit] = []
        // The model: failures in a row of calls begun since the circuit last opened, and the trial under way.
        var (failures, isOpen, trial): (Int, Bool, CircuitBreaker.Permit?) = (0, false, nil)
        for _ in 1...400 {
            now += .seconds(Int.random(in: 0...10, using: &random))
            if Bool.random(using: &random) {
                let admission = breaker.admission(now)
                switch admission {
                case .free: #expect(!isOpen)
                case .trial: #expect(isOpen && trial == nil)
                case .refused:
                    #expect(isOpen)
                    continue
                }
                let permit = breaker.begin()
                if isOpen { trial = permit } else { held.append(permit) }
            } else if let permit = trial {
                switch Int.random(in: 0...2, using: &random) {
                case 0: breaker.abandoned(permit)
                case 1: breaker.failed(permit, Self.refused, now)
                default:
                    breaker.answered(permit)
                    (isOpen, failures, held) = (false, 0, [])
                    if Bool.random(using: &random) { breaker.succeeded(permit) }
                }
                trial = nil
            } else if !held.isEmpty {
                let permit = held.remove(at: Int.random(in: held.indices, using: &random))
                switch Int.random(in: 0...2, using: &random) {
                case 0: breaker.abandoned(permit)
                case 1:
                    breaker.succeeded(permit)
                    if !isOpen { failures = 0 }
                default:
                    breaker.failed(permit, Self.refused, now)
                    if !isOpen {
                        failures += 1
                        isOpen = failures >= threshold
                    }
                }
            }
            #expect((breaker.opening != nil) == isOpen)
        }
    }

    @Test(
        "counts what speaks of the server",
        arguments: [
            (.unavailable, nil, false, true), (.network, nil, true, true), (.stream, nil, true, true),
            (.timeout, "first_byte_timeout", false, true),
            (.timeout, "stream_idle_timeout", true, true), (.timeout, "timeout", false, true), (.timeout, "timeout", true, false),
            (.rateLimit, nil, false, false), (.invalidRequest, nil, false, false), (.notFound, nil, false, false),
            (.authentication, nil, false, false), (.contextLength, nil, false, false), (.invalidToolCall, nil, true, false),
        ] as [(ProviderError.Code, String?, Bool, Bool)])
    func failures(code: ProviderError.Code, setting: String?, hasAnswered: Bool, counts: Bool) {
        let error = ProviderError(code, "x", details: setting.map { ["setting": .string($0)] } ?? [:])
        #expect((CircuitBreaker.Failure(error, hasAnswered: hasAnswered) != nil) == counts)
    }

    @Test("knows silence from refusal")
    func silence() {
        func failure(_ code: ProviderError.Code, _ setting: String? = nil) -> CircuitBreaker.Failure? {
            CircuitBreaker.Failure(
                ProviderError(code, "x", details: setting.map { ["setting": .string($0)] } ?? [:]), hasAnswered: false)
        }
        #expect(failure(.timeout, "first_byte_timeout")?.isSilence == true)
        #expect(failure(.timeout)?.isSilence == true, "a gateway's 504")
        #expect(failure(.timeout, "connect_timeout")?.isSilence == false)
        #expect(failure(.network)?.isSilence == false)
    }
}
