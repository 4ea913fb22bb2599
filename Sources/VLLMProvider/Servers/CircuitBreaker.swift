/// Keeps calls from a server that fails: it is left alone for a while after so many failures in a row, and then asked on trial, by one
/// call in each cooldown until one is answered.
///
/// A value without clock and I/O. What a call that was begun before the circuit opened finds out later no longer counts.
struct CircuitBreaker: Sendable {
    /// When a circuit opens, and for how long.
    struct Settings: Sendable, Hashable {
        /// How many failures in a row open it.
        var threshold: Int
        /// How long it stays open.
        var cooldown: Duration
    }

    /// Leave to ask the server once.
    struct Permit: Sendable, Hashable {
        /// How often the circuit had opened when it was given.
        fileprivate var era: Int
        /// Which trial it is, where it is one.
        fileprivate var trial: Int?
        var isTrial: Bool { trial != nil }
    }

    /// Why a circuit is open.
    struct Opening: Sendable, Hashable {
        /// When the cooldown ends.
        fileprivate let cooldownEnd: ContinuousClock.Instant
        /// When a call may be tried: at the end of the cooldown, or with the next probe after it.
        fileprivate(set) var until: ContinuousClock.Instant
        /// How many calls in a row had failed.
        var failures: Int
        /// What the last one of them failed with.
        var failure: Failure
        /// What the last probe said, where there was one.
        fileprivate(set) var isProbedWell: Bool?
        /// How many probes were failed since the end of the cooldown.
        fileprivate var failedProbes = 0

        /// Whether a call is to find out what probes cannot, or have found out already.
        fileprivate var isTrialDue: Bool { isProbedWell == true || failedProbes >= CircuitBreaker.probesBeforeTrial }
    }

    /// What a call failed with.
    struct Failure: Sendable, Hashable {
        /// In a sentence.
        var message: String
        /// A time limit passed. A server that hangs may still answer probes: a paused engine of vLLM 0.32 says 200 to `/health`.
        var isSilence: Bool
    }

    private enum State: Hashable {
        case closed(failures: Int)
        case open(Opening)
        /// A call is on trial; the next one may be at a time.
        case halfOpen(Opening, next: ContinuousClock.Instant)
    }

    /// Whether a call may go to the server now.
    enum Admission: Hashable {
        case free
        /// As a trial; it is due where the server has passed a probe, or has failed so many that they may be wrong. Otherwise it is for a
        /// call that has no other server.
        case trial(isDue: Bool)
        /// Not before a time, unless something is learnt of the server before; it may be that another call is on trial.
        case refused(until: ContinuousClock.Instant, isOnTrial: Bool)
    }

    /// After so many failed probes in a row, one every `health_check_interval`, a call is tried all the same: not every server has a
    /// `/health` that tells the truth.
    static let probesBeforeTrial = 3

    private let settings: Settings
    private var state = State.closed(failures: 0)
    private var era = 0
    /// How many trials there were.
    private var trials = 0

    init(_ settings: Settings) {
        self.settings = settings
    }

    /// Why the server is not simply asked; `nil` where it is.
    var opening: Opening? {
        switch state {
        case .closed: nil
        case .open(let opening), .halfOpen(let opening, _): opening
        }
    }

    /// Whether it would help to probe the server: nobody finds out otherwise whether it is back.
    var wantsProbe: Bool { if case .open = state { true } else { false } }

    func admission(_ now: ContinuousClock.Instant) -> Admission {
        switch state {
        case .closed: .free
        case .open(let opening) where opening.isProbedWell == true && !opening.failure.isSilence: .trial(isDue: true)
        case .open(let opening) where now >= opening.until: .trial(isDue: opening.isTrialDue)
        case .open(let opening): .refused(until: opening.until, isOnTrial: false)
        // Where calls hang, one that hangs is enough as long as there are other servers.
        case .halfOpen(let opening, let next) where now >= next: .trial(isDue: opening.isTrialDue && !opening.failure.isSilence)
        case .halfOpen(_, let next): .refused(until: next, isOnTrial: true)
        }
    }

    /// Leave for a call that was admitted.
    mutating func begin(_ now: ContinuousClock.Instant) -> Permit {
        guard let opening else { return Permit(era: era) }
        trials += 1
        // A trial may take long: an answer that is not streamed tells nothing before its end.
        state = .halfOpen(opening, next: now + settings.cooldown)
        return Permit(era: era, trial: trials)
    }

    /// The server has begun to answer. That ends a trial: its answer may take long.
    mutating func answered(_ permit: Permit) {
        if permit.isTrial, permit.era == era, case .halfOpen = state { state = .closed(failures: 0) }
    }

    mutating func succeeded(_ permit: Permit) {
        if permit.era == era { state = .closed(failures: 0) }
    }

    mutating func failed(_ permit: Permit, _ failure: Failure, _ now: ContinuousClock.Instant) {
        guard permit.era == era else { return }
        switch state {
        case .closed(let before):
            let failures = before + 1
            if failures >= settings.threshold { open(failures, failure, now) } else { state = .closed(failures: failures) }
        case .halfOpen(let opening, _): open(opening.failures + 1, failure, now)
        case .open: break
        }
    }

    /// The call ended without telling anything of the server: if it was the last one on trial, the next one is.
    mutating func abandoned(_ permit: Permit) {
        if permit.trial == trials, permit.era == era, case .halfOpen(let opening, _) = state { state = .open(opening) }
    }

    /// The server has answered a probe. Only a call closes the circuit.
    mutating func passedProbe() {
        guard case .open(var opening) = state else { return }
        opening.isProbedWell = true
        (opening.failedProbes, opening.until) = (0, opening.cooldownEnd)
        state = .open(opening)
    }

    /// The server has failed a probe: no call is tried before the next one, unless there were too many.
    mutating func failedProbe(next: ContinuousClock.Instant, _ now: ContinuousClock.Instant) {
        guard case .open(var opening) = state else { return }
        opening.isProbedWell = false
        if now >= opening.cooldownEnd { opening.failedProbes += 1 }
        opening.until = opening.isTrialDue ? opening.cooldownEnd : max(opening.until, next)
        state = .open(opening)
    }

    private mutating func open(_ failures: Int, _ failure: Failure, _ now: ContinuousClock.Instant) {
        era += 1
        let end = now + settings.cooldown
        state = .open(Opening(cooldownEnd: end, until: end, failures: failures, failure: failure))
    }
}
