import VLLMClient

/// What an attempt of a call needs of a server.
struct LeaseNeed: Sendable {
    /// The model, where the call or the configuration names one: servers that are known not to have it are not asked.
    var model: String?
    /// How many tokens prompt and answer may have together, as far as that can be told without a server; 0 where nobody counts them.
    var tokens: Int
    /// The time of the whole call.
    var timeout: Duration
    /// When that is used up.
    var deadline: ContinuousClock.Instant
    /// The servers that this call has asked before.
    var tried: Set<BaseURL> = []
}
