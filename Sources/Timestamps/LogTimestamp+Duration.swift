extension LogTimestamp {
    /// How long after `other` this is; negative where it is before it.
    public func duration(since other: LogTimestamp) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(nanoseconds - other.nanoseconds)
    }
}
