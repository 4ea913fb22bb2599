import Configuration

/// The four time limits of a call.
struct TimeLimits: Sendable, Hashable {
    /// The keys of configuration and call options.
    static let keys = ["connect_timeout", firstByteKey, "stream_idle_timeout", totalKey]
    /// The key of the limit for the beginning of an answer.
    static let firstByteKey = "first_byte_timeout"
    /// The key of the limit for the whole call.
    static let totalKey = "timeout"

    /// `connect_timeout`: for each request to reach the server.
    let connect: Duration
    /// `first_byte_timeout`, where it is set.
    private let ownFirstByte: Duration?
    /// `stream_idle_timeout`: between two events with data.
    let streamIdle: Duration
    /// `timeout`: for the whole call.
    let total: Duration

    /// `first_byte_timeout`: from a request being sent to the beginning of its answer; of a stream, to its first event with data.
    var firstByte: Duration { ownFirstByte ?? streamIdle }

    /// The limits of a configuration.
    init(_ values: ConfigurationValues) {
        connect = values.duration("connect_timeout") ?? .seconds(10)
        ownFirstByte = values.duration(Self.firstByteKey)
        streamIdle = values.duration("stream_idle_timeout") ?? .seconds(300)
        total = values.duration("timeout") ?? .seconds(600)
    }

    /// The limits of a call: what its options say, else those of the configuration.
    init(_ options: OptionReader, configured: TimeLimits) {
        func duration(_ key: String) -> Duration? { options.double(key).map { .seconds($0) } }
        connect = duration("connect_timeout") ?? configured.connect
        ownFirstByte = duration(Self.firstByteKey) ?? configured.ownFirstByte
        streamIdle = duration("stream_idle_timeout") ?? configured.streamIdle
        total = duration("timeout") ?? configured.total
    }
}
