/// Which time limit of an exchange is next, and which has passed. A value without I/O.
///
/// libcurl 7.88 can miss a timer that is due within about a millisecond of another one, so the limits are not left to it.
struct ExchangeClock {
    /// What is to be done about the limits.
    enum Verdict: Equatable {
        /// A limit has passed.
        case expired(TransportError)
        /// Nothing is to be done before this time; `nil` is for ever.
        case wait(until: MonotonicTime?)
    }

    let limits: HTTPTimeouts
    let address: ServerAddress
    /// When the exchange began.
    let start: MonotonicTime
    /// When its latest attempt began.
    let attempt: MonotonicTime

    /// The state of things at `now`.
    /// - Parameters:
    ///   - sent: when the request began to be sent; `nil` while there is no connection.
    ///   - hasHead: whether the head of the final response is there.
    ///   - read: the limit of the reader who waits.
    func verdict(at now: MonotonicTime, sent: MonotonicTime?, hasHead: Bool, read: ReadLimit?) -> Verdict {
        var next = read.map { (time: $0.time, limit: Limit.reading($0.error)) }
        func consider(_ time: MonotonicTime, _ limit: Limit) {
            if next.map({ time < $0.time }) ?? true { next = (time, limit) }
        }
        if let total = limits.total { consider(start + total, .total(total)) }
        if !hasHead {
            if let sent {
                if let firstByte = limits.firstByte { consider(sent + firstByte, .firstByte(firstByte)) }
            } else {
                if let connect = limits.connect { consider(attempt + connect, .connect) }
                // The request is sent now at the earliest.
                if let firstByte = limits.firstByte { consider(now + firstByte, .none) }
            }
        }
        guard let (time, limit) = next else { return .wait(until: nil) }
        if time <= now, let error = error(limit) { return .expired(error) }
        return .wait(until: time)
    }

    /// What may pass.
    private enum Limit {
        case reading(TransportError)
        case total(Duration)
        case firstByte(Duration)
        case connect
        /// Nothing: it is only time to look again.
        case none
    }

    private func error(_ limit: Limit) -> TransportError? {
        switch limit {
        case .reading(let error): error
        case .total(let total): TransportError(.timeout, "no complete answer from \(address) within \(total.text)")
        case .firstByte(let firstByte): TransportError(.firstByteTimeout, "no answer from \(address) within \(firstByte.text)")
        case .connect: .noConnection(address, limits)
        case .none: nil
        }
    }
}
