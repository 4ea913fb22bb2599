/// Which time limit of an exchange is next, and which has passed. A value without I/O.
///
/// libcurl 7.88 can miss a timer that is due within about a millisecond of another one, so the limits are not left to it.
struct ExchangeClock {
    /// What is to be done about the limits.
    enum Verdict: Equatable {
        /// A limit has passed.
        case expired(TransportError)
        /// Nothing is to be done before this time; `nil` is for ever.
        case wait(until: ContinuousClock.Instant?)
    }

    let limits: HTTPTimeouts
    let address: ServerAddress
    /// When the exchange began.
    let start: ContinuousClock.Instant
    /// When its latest attempt began.
    let attempt: ContinuousClock.Instant

    /// The state of things at `now`.
    /// - Parameters:
    ///   - sent: when the request began to be sent; `nil` while there is no connection.
    ///   - hasHead: whether the head of the final response is there.
    ///   - read: the limit of the reader who waits.
    func verdict(at now: ContinuousClock.Instant, sent: ContinuousClock.Instant?, hasHead: Bool, read: ReadLimit?) -> Verdict {
        var next = read.map { ($0.deadline, Optional($0.error)) }
        func consider(_ time: ContinuousClock.Instant, _ error: @autoclosure () -> TransportError?) {
            if next.map({ time < $0.0 }) ?? true { next = (time, error()) }
        }
        if let total = limits.total { consider(start + total, timedOut(total)) }
        if !hasHead {
            if let sent {
                if let firstByte = limits.firstByte { consider(sent + firstByte, noAnswer(firstByte)) }
            } else {
                if let connect = limits.connect { consider(attempt + connect, .noConnection(address, limits)) }
                // The request is sent now at the earliest.
                if let firstByte = limits.firstByte { consider(now + firstByte, nil) }
            }
        }
        guard let (time, error) = next else { return .wait(until: nil) }
        if let error, time <= now { return .expired(error) }
        return .wait(until: time)
    }

    private func timedOut(_ total: Duration) -> TransportError {
        TransportError(.timeout, "no complete answer from \(address) within \(total.text)")
    }

    private func noAnswer(_ firstByte: Duration) -> TransportError {
        TransportError(.firstByteTimeout, "no answer from \(address) within \(firstByte.text)")
    }
}
