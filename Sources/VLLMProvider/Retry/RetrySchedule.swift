import ProviderKit

/// When the next attempt of a call begins, and whether there is one. It does no I/O: it says what to do.
///
/// The wait before a retry is `min_retry_delay` doubled from one to the next, at least what the server asked for (`Retry-After`), and
/// lengthened by up to the doubled time by chance, also beyond `max_retry_delay`: never shortened, since a server that asks for 10 s is not ready after 5.
struct RetrySchedule {
    /// What to do after a failed attempt.
    enum Step: Hashable {
        case retry(after: Duration)
        case giveUp(Reason)
    }

    /// Why there is no further attempt.
    enum Reason: Hashable {
        /// All retries are used up.
        case tooMany(attempts: Int)
        /// The server asks for a longer wait than `max_retry_delay`.
        case retryAfter(Duration, limit: Duration)
        /// The wait would outlast the call's `timeout`.
        case noTime(delay: Duration, timeout: Duration)
        /// The server was silent for as long as it may be, and there is no other one.
        case silence
        /// The call's `timeout` has passed behind another limit.
        case timeUp(Duration)
        /// The provider's calls have used up their retries.
        case budget
    }

    let policy: RetryPolicy
    /// The call's `timeout`.
    let timeout: Duration
    /// How many retries there were.
    private(set) var count = 0
    /// How many of them were waited for.
    private var waits = 0

    /// - Parameter timeout: the time of the whole call.
    init(_ policy: RetryPolicy, timeout: Duration) {
        self.policy = policy
        self.timeout = timeout
    }

    /// What to do after a failed attempt that may be repeated.
    /// - Parameters:
    ///   - retryAfter: how long the server asked to wait.
    ///   - timeLeft: what is left of `timeout`.
    ///   - hasOtherServer: another server is there that this call has not tried: it is asked at once.
    ///   - isSilence: `first_byte_timeout` has passed: the same server is not waited for once more.
    ///   - random: a number from 0 up to 1.
    mutating func next(
        retryAfter: Duration?, timeLeft: Duration, hasOtherServer: Bool = false, isSilence: Bool = false, random: () -> Double
    ) -> Step {
        guard count < policy.limit else { return .giveUp(.tooMany(attempts: count + 1)) }
        if hasOtherServer {
            guard timeLeft > .zero else { return .giveUp(.noTime(delay: .zero, timeout: timeout)) }
            count += 1
            return .retry(after: .zero)
        }
        if isSilence { return .giveUp(.silence) }
        if let retryAfter, retryAfter > policy.maxDelay { return .giveUp(.retryAfter(retryAfter, limit: policy.maxDelay)) }
        let delay = delay(retryAfter: retryAfter, random)
        guard delay < timeLeft else { return .giveUp(.noTime(delay: delay, timeout: timeout)) }
        count += 1
        waits += 1
        return .retry(after: delay)
    }

    private func delay(retryAfter: Duration?, _ random: () -> Double) -> Duration {
        // Seconds times a power of two: far too many are infinite, and no overflow.
        let doubled = Double(sign: .plus, exponent: waits, significand: policy.minDelay / .seconds(1))
        let base = min(doubled, policy.maxDelay / .seconds(1))
        let least = max(base, retryAfter.map { $0 / .seconds(1) } ?? 0)
        // Also beyond the longest wait: where all calls have come to it, they would come back together.
        return .seconds(policy.jitters ? least + base * random() : least)
    }
}

extension RetrySchedule.Reason {
    /// The reason, to stand behind what went wrong; `nil` where no retries were wanted.
    var phrase: String? {
        switch self {
        case .tooMany(let attempts): attempts > 1 ? "given up after \(attempts) attempts" : nil
        case .retryAfter(let delay, let limit):
            "not tried again: the server asks to wait \(delay.inSeconds), longer than max_retry_delay (\(limit.inSeconds))"
        case .noTime(let delay, let timeout):
            "not tried again: a wait of \(delay.inSeconds) would outlast timeout (\(timeout.inSeconds))"
        case .silence: "not tried again: there is no other server to ask"
        case .timeUp(let timeout): "then the time of the call was up (timeout: \(timeout.inSeconds))"
        case .budget: "not tried again: so many calls failed that their retries are used up (retry_budget)"
        }
    }
}
