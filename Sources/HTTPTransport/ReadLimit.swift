/// How long a reader of a body waits, and what it gets when nothing came until then.
public struct ReadLimit: Sendable {
    /// When the reader gives up.
    public var deadline: ContinuousClock.Instant
    /// What it is thrown then; the exchange is ended with it.
    public var error: TransportError

    /// A limit.
    public init(deadline: ContinuousClock.Instant, error: TransportError) {
        self.deadline = deadline
        self.error = error
    }
}
