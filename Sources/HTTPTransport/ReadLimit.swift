/// How long a reader of a body waits, and what it gets when nothing came until then.
public struct ReadLimit: Sendable {
    /// When the reader gives up.
    public var deadline: ContinuousClock.Instant {
        get { time.instant }
        set { time = MonotonicTime(newValue) }
    }
    /// What it is thrown then; the exchange is ended with it.
    public var error: TransportError
    /// The deadline in a form that costs little to copy.
    private(set) var time: MonotonicTime

    /// A limit.
    public init(deadline: ContinuousClock.Instant, error: TransportError) {
        time = MonotonicTime(deadline)
        self.error = error
    }
}
