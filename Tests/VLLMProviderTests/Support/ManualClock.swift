import Locks

@testable import VLLMProvider

/// A clock that stands still until a test moves it.
final class ManualClock: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: (until: ContinuousClock.Instant, waiting: CheckedContinuation<Bool, Never>)] = [:]
        var watchers: [(count: Int, waiting: CheckedContinuation<Void, Never>)] = []
        var sleepCount = 0

        /// Those who waited for so many sleepers, now that there are.
        mutating func satisfiedWatchers() -> [CheckedContinuation<Void, Never>] {
            let satisfied = watchers.filter { $0.count <= sleepers.count }
            watchers.removeAll { $0.count <= sleepers.count }
            return satisfied.map(\.waiting)
        }
    }

    private let state = Guarded(State())

    /// The clock as a provider takes it.
    var clock: CallClock {
        CallClock(
            now: { self.now },
            sleep: { instant throws(CancellationError) in guard await self.sleep(until: instant) else { throw CancellationError() } })
    }

    var now: ContinuousClock.Instant { state.withLock { $0.now } }

    /// When those who sleep now want to be woken, earliest first.
    var alarms: [ContinuousClock.Instant] { state.withLock { $0.sleepers.values.map(\.until).sorted() } }

    /// Moves the clock on, and wakes whoever has slept long enough.
    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }.map(\.value.waiting)
        }
        for sleeper in woken { sleeper.resume(returning: true) }
    }

    /// Returns when at least so many tasks sleep.
    func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { waiting in
            let satisfied = state.withLock { state in
                state.watchers.append((count, waiting))
                return state.satisfiedWatchers()
            }
            for watcher in satisfied { watcher.resume() }
        }
    }

    private func sleep(until instant: ContinuousClock.Instant) async -> Bool {
        let id = state.withLock { state in
            state.sleepCount += 1
            return state.sleepCount
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiting in
                let isDue = state.withLock { $0.now >= instant }
                guard !isDue, !Task.isCancelled else { return waiting.resume(returning: !Task.isCancelled) }
                let satisfied = state.withLock { state in
                    state.sleepers[id] = (instant, waiting)
                    return state.satisfiedWatchers()
                }
                for watcher in satisfied { watcher.resume() }
                // It may have happened before there was anybody to wake.
                if Task.isCancelled { cancel(id) }
                advance(by: .zero)
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        state.withLock { $0.sleepers.removeValue(forKey: id) }?.waiting.resume(returning: false)
    }
}
