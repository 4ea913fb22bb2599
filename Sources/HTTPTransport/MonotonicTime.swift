/// A time of the continuous clock in a form whose layout the compiler knows.
///
/// `ContinuousClock.Instant` belongs to a library that may change its layout: whatever holds one is copied and destroyed through tables
/// that are looked up at run time, which costs more than reading the clock. On the way of every batch that counts.
struct MonotonicTime: Comparable {
    private static let origin = ContinuousClock.now

    private var sinceOrigin: Duration

    /// The time of now.
    static var now: MonotonicTime { MonotonicTime(.now) }

    /// The same time as `instant`.
    init(_ instant: ContinuousClock.Instant) {
        sinceOrigin = Self.origin.duration(to: instant)
    }

    /// The same time for others.
    var instant: ContinuousClock.Instant { Self.origin + sinceOrigin }

    static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.sinceOrigin < right.sinceOrigin }

    static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        var time = time
        time.sinceOrigin += duration
        return time
    }

    static func - (left: MonotonicTime, right: MonotonicTime) -> Duration { left.sinceOrigin - right.sinceOrigin }
}
