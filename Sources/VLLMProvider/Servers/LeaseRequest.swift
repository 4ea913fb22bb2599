/// What a pool is asked for: a need in the pool's own numbers of its servers.
struct LeaseRequest: Sendable {
    /// How many tokens prompt and answer may have.
    var tokens = 0
    /// The servers that the call has asked before: they are asked again when no other has room.
    var tried: Set<Int> = []
    /// The servers that are known not to have the model.
    var lacking: Set<Int> = []
}

/// Leave to ask a server, in the pool's own terms.
struct LeaseGrant: Sendable {
    var server: Int
    var permit: CircuitBreaker.Permit?
    var charge: RateLimiter.Charge
    /// When it was given.
    var time: ContinuousClock.Instant
}

/// Why a call may not be sent.
enum LeaseRefusal: Sendable {
    /// All servers that could answer it are left alone.
    case circuitsOpen([OpenCircuit])
    /// It would have to wait for this limit, and too many do already.
    case queueFull(LeaseDelay)

    /// A server that is left alone.
    struct OpenCircuit: Sendable {
        var server: Int
        var opening: CircuitBreaker.Opening
        /// When it may be asked.
        var until: ContinuousClock.Instant
        /// A call is on trial: it may be asked sooner.
        var isOnTrial: Bool
    }
}

/// What a call has to wait for.
struct LeaseDelay: Sendable, Hashable {
    /// The limit's key.
    var setting: String
    /// Until when at least, where that can be told.
    var until: ContinuousClock.Instant?
}
