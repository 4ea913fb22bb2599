import Locks

/// Work that is done once for all tasks that wait for it at the same time.
///
/// A task stops waiting when it is cancelled or its time is up; the work is cancelled when nobody waits for it any more.
final class SingleFlight<Value: Sendable>: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var waiters: [Int: CheckedContinuation<Value?, Never>] = [:]
        /// Counts waiters and flights, so that no number comes twice.
        var count = 0
        var flight = 0
    }

    private let clock: CallClock
    private let state = Guarded(State())

    /// - Parameter clock: whose times the deadlines are.
    init(clock: CallClock = .continuous) {
        self.clock = clock
    }

    /// What the work gives that is under way, or else `work`, begun now; `nil` when this task is cancelled or `deadline` has passed.
    func value(until deadline: ContinuousClock.Instant, _ work: @escaping @Sendable () async -> Value) async -> Value? {
        let waiter = state.withLock { state in
            state.count += 1
            return state.count
        }
        let timer = Task {
            do throws(CancellationError) { try await clock.sleep(deadline) } catch { return }
            leave(waiter)
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                join(waiter, continuation, work)
                // Both may have happened before there was anybody to leave.
                if Task.isCancelled || deadline <= clock.now() { leave(waiter) }
            }
        } onCancel: {
            leave(waiter)
        }
    }

    private func join(
        _ waiter: Int, _ continuation: CheckedContinuation<Value?, Never>, _ work: @escaping @Sendable () async -> Value
    ) {
        state.withLock { state in
            state.waiters[waiter] = continuation
            guard state.task == nil else { return }
            state.count += 1
            let flight = state.count
            state.flight = flight
            state.task = Task { self.land(flight, with: await work()) }
        }
    }

    private func leave(_ waiter: Int) {
        let (continuation, abandoned) = state.withLock { state in
            let continuation = state.waiters.removeValue(forKey: waiter)
            guard continuation != nil, state.waiters.isEmpty else { return (continuation, Task<Void, Never>?.none) }
            defer { state.task = nil }
            return (continuation, state.task)
        }
        abandoned?.cancel()
        continuation?.resume(returning: nil)
    }

    private func land(_ flight: Int, with value: Value) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value?, Never>] in
            guard state.task != nil, state.flight == flight else { return [] }
            defer { (state.task, state.waiters) = (nil, [:]) }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }
}
