/// The time by which calls wait: the continuous clock, or one that a test sets.
struct CallClock: Sendable {
    /// What time it is.
    let now: @Sendable () -> ContinuousClock.Instant
    /// Waits for a time; throws when the task is cancelled, and then at once.
    let sleep: @Sendable (_ until: ContinuousClock.Instant) async throws(CancellationError) -> Void

    /// The time that passes.
    static let continuous = CallClock(
        now: { .now },
        sleep: { instant throws(CancellationError) in
            do { try await Task.sleep(until: instant, clock: .continuous) } catch { throw CancellationError() }
        })
}
