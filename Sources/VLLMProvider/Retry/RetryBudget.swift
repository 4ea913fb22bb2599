/// How many retries all calls of a provider may make, so that retries cannot multiply an outage: a bucket of tokens, as gRPC and Finagle
/// have it. A retry takes a token; every call puts a part of one in, and so does time, so that a provider with few calls may always retry.
struct RetryBudget {
    /// Tokens that a second puts in.
    private static let perSecond = 1.0

    private let perCall: Double
    private let capacity: Double
    private var tokens: Double
    private var filled: ContinuousClock.Instant

    /// A bucket that is full.
    /// - Parameters:
    ///   - perCall: tokens that a call puts in: the retries of a call in the long run.
    ///   - capacity: the most tokens: the retries that may come at once.
    init(perCall: Double, capacity: Int, now: ContinuousClock.Instant) {
        self.perCall = perCall
        self.capacity = Double(capacity)
        tokens = Double(capacity)
        filled = now
    }

    /// A call begins.
    mutating func callBegan() {
        tokens = min(capacity, tokens + perCall)
    }

    /// Takes a token for a retry; `false` where there is none.
    mutating func withdraw(now: ContinuousClock.Instant) -> Bool {
        tokens = min(capacity, tokens + max(0, (now - filled) / .seconds(1)) * Self.perSecond)
        filled = max(filled, now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
