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
}
