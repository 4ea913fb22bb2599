import Configuration

/// How often a call is tried again, and how long it waits before each time.
struct RetryPolicy: Sendable, Hashable {
    /// The keys of configuration and call options.
    static let keys = ["max_retries", "min_retry_delay", "max_retry_delay", "retry_jitter", "resume_stream"]

    /// `max_retries`: how many attempts there may be behind the first one.
    let limit: Int
    /// `min_retry_delay`: before the first retry; it doubles from one to the next.
    let minDelay: Duration
    /// `max_retry_delay`: no wait is longer, but for what chance adds.
    let maxDelay: Duration
    /// `retry_jitter`: waits are lengthened by chance, so that calls that failed together do not come back together.
    let jitters: Bool
    /// `resume_stream`: an answer that breaks off while it is read goes on where it was.
    let resumesStreams: Bool

    /// The policy of a configuration.
    init(_ values: ConfigurationValues) {
        limit = values.int("max_retries") ?? 5
        minDelay = values.duration("min_retry_delay") ?? .seconds(1)
        maxDelay = values.duration("max_retry_delay") ?? .seconds(60)
        jitters = values.bool("retry_jitter") ?? true
        resumesStreams = values.bool("resume_stream") ?? true
    }

    /// The policy of a call: what its options say, else that of the configuration.
    /// - Throws: `OptionProblem`, where the shortest wait is longer than the longest.
    init(_ options: OptionReader, configured: RetryPolicy) throws(OptionProblem) {
        func duration(_ key: String) -> Duration? { options.double(key).map { .seconds($0) } }
        limit = options.int("max_retries") ?? configured.limit
        minDelay = duration("min_retry_delay") ?? configured.minDelay
        maxDelay = duration("max_retry_delay") ?? configured.maxDelay
        jitters = options.bool("retry_jitter") ?? configured.jitters
        resumesStreams = options.bool("resume_stream") ?? configured.resumesStreams
        guard minDelay > maxDelay else { return }
        throw OptionProblem(
            "min_retry_delay", "\(minDelay.inSeconds) is longer than max_retry_delay (\(maxDelay.inSeconds))", hint: "raise max_retry_delay"
        )
    }
}
