/// How many calls and tokens a minute may have: limits of an account, so over all servers together.
///
/// A value without clock and I/O; who has to wait, and in which order, is not its business.
struct RateLimiter: Sendable {
    /// What was counted for a call.
    struct Charge: Sendable, Hashable {
        fileprivate var tokens: Int
        fileprivate var time: ContinuousClock.Instant
    }

    private var requests: MinuteWindow?
    private var tokens: MinuteWindow?

    /// - Parameters: the limits; `nil` for none.
    init(requestsPerMinute: Int?, tokensPerMinute: Int?) {
        requests = requestsPerMinute.map { MinuteWindow(limit: $0) }
        tokens = tokensPerMinute.map { MinuteWindow(limit: $0) }
    }

    /// What a call of so many tokens has to wait for; `nil` where it may go now.
    mutating func delay(tokens count: Int, _ now: ContinuousClock.Instant) -> LeaseDelay? {
        let requestRoom = requests?.room(for: 1, now)
        let tokenRoom = tokens?.room(for: count, now)
        if let tokenRoom, requestRoom.map({ $0 < tokenRoom }) ?? true { return LeaseDelay(setting: "tokens_per_minute", until: tokenRoom) }
        return requestRoom.map { LeaseDelay(setting: "requests_per_minute", until: $0) }
    }

    /// Counts a call that goes now.
    mutating func charge(tokens count: Int, _ now: ContinuousClock.Instant) -> Charge {
        requests?.add(1, now)
        // What is more than the limit waits for a minute of its own, and has it then.
        let counted = tokens.map { min(max(count, 0), $0.limit) } ?? 0
        tokens?.add(counted, now)
        return Charge(tokens: counted, time: now)
    }

    /// Counts what a call has really used.
    mutating func settle(_ charge: Charge, tokens count: Int) {
        tokens?.correct(charge.tokens, to: count, at: charge.time)
    }
}
