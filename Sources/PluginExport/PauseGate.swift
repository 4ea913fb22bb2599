/// Whether a call may give its callback more. A value without I/O: what it returns is to be resumed behind the lock.
struct PauseGate {
    typealias Waiter = CheckedContinuation<Void, Never>

    private enum State {
        case open
        /// The callback has begun and not returned; it may have been overtaken by `resume`.
        case calling(isResumed: Bool)
        case paused(Waiter?)
        /// The call ends: nobody waits any more.
        case openForGood
    }

    private var state = State.open

    mutating func callbackBegins() {
        if case .open = state { state = .calling(isResumed: false) }
    }

    /// Whether the call is to wait.
    mutating func callbackReturned(wantsPause: Bool) -> Bool {
        guard case .calling(let isResumed) = state else { return false }
        let waits = wantsPause && !isResumed
        state = waits ? .paused(nil) : .open
        return waits
    }

    /// Lets the call wait. What it returns is to be resumed at once.
    mutating func wait(_ waiter: Waiter) -> Waiter? {
        guard case .paused = state else { return waiter }
        state = .paused(waiter)
        return nil
    }

    mutating func resume() -> Waiter? {
        switch state {
        case .open, .openForGood: return nil
        case .calling:
            state = .calling(isResumed: true)
            return nil
        case .paused(let waiter):
            state = .open
            return waiter
        }
    }

    mutating func openForGood() -> Waiter? {
        defer { state = .openForGood }
        if case .paused(let waiter) = state { return waiter }
        return nil
    }
}
