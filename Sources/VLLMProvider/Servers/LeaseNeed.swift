import VLLMClient

/// What an attempt of a call needs of a server.
struct LeaseNeed: Sendable {
    /// How many tokens prompt and answer may have together, as far as that can be told without a server; 0 where nobody counts them.
    var tokens: Int
    /// When the time of the whole call is used up.
    var deadline: ContinuousClock.Instant
    /// The servers that this call has asked before.
    var tried: Set<BaseURL> = []
}
