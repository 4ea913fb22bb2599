/// Keeps calls from a server that fails: it is left alone for a while after so many failures in a row, and then asked once, on trial.
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
        var isTrial: Bool
    }

    /// Why a circuit is open.
    struct Opening: Sendable, Hashable {
        /// When a call may be tried.
        fileprivate(set) var until: ContinuousClock.Instant
        /// How many calls in a row had failed.
        var failures: Int
        /// What the last one of them failed with.
        var failure: Failure
        /// What the last probe said, where there was one.
        fileprivate(set) var isProbedWell: Bool?
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
        /// A call is on trial.
        case halfOpen(Opening)
    }

    /// Whether a call may go to the server now.
    enum Admission: Hashable {
        case free
        /// As a trial: after a probe that the server has passed, or without one.
        case trial(isProbed: Bool)
        /// Not before a time; `nil` while another call is on trial.
        case refused(until: ContinuousClock.Instant?)
    }

    private let settings: Settings
    private var state = State.closed(failures: 0)
    private var era = 0

    init(_ settings: Settings) {
        self.settings = settings
    }

    /// Why the server is not simply asked; `nil` where it is.
    var opening: Opening? {
        switch state {
        case .closed: nil
        case .open(let opening), .halfOpen(let opening): opening
        }
    }

    /// Whether it would help to probe the server: nobody finds out otherwise whether it is back.
    var wantsProbe: Bool { if case .open = state { true } else { false } }

    func admission(_ now: ContinuousClock.Instant) -> Admission {
        switch state {
        case .closed: .free
        case .open(let opening) where opening.isProbedWell == true && !opening.failure.isSilence: .trial(isProbed: true)
        case .open(let opening) where now >= opening.until: .trial(isProbed: opening.isProbedWell == true)
        case .open(let opening): .refused(until: opening.until)
        case .halfOpen: .refused(until: nil)
        }
    }

    /// Leave for a call that was admitted.
    mutating func begin() -> Permit {
        guard case .open(let opening) = state else { return Permit(era: era, isTrial: false) }
        state = .halfOpen(opening)
        return Permit(era: era, isTrial: true)
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
        case .halfOpen(let opening): open(opening.failures + 1, failure, now)
        case .open: break
        }
    }

    /// The call ended without telling anything of the server: if it was on trial, the next one is.
    mutating func abandoned(_ permit: Permit) {
        if permit.isTrial, permit.era == era, case .halfOpen(let opening) = state { state = .open(opening) }
    }

    /// The server has answered a probe. Only a call closes the circuit.
    mutating func passedProbe() {
        guard case .open(var opening) = state else { return }
        opening.isProbedWell = true
        state = .open(opening)
    }

    /// The server has failed a probe: no call is tried before the next one.
    mutating func failedProbe(next: ContinuousClock.Instant) {
        guard case .open(var opening) = state else { return }
        opening.isProbedWell = false
        opening.until = max(opening.until, next)
        state = .open(opening)
    }

    private mutating func open(_ failures: Int, _ failure: Failure, _ now: ContinuousClock.Instant) {
        era += 1
        state = .open(Opening(until: now + settings.cooldown, failures: failures, failure: failure))
    }
}
