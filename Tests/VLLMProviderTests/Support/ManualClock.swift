import Locks
import Testing

@testable import VLLMProvider

/// A clock that stands still until a test moves it.
final class ManualClock: Sendable {
    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: (until: ContinuousClock.Instant, waiting: CheckedContinuation<Bool, Never>)] = [:]
        var watchers: [Int: (count: Int, waiting: CheckedContinuation<Bool, Never>)] = [:]
        /// Watchers that are to stop before they have begun.
        var stopped: Set<Int> = []
        /// Counts sleepers and watchers, so that no number comes twice.
        var count = 0

        /// Those who waited for so many sleepers, now that there are.
        mutating func satisfiedWatchers() -> [CheckedContinuation<Bool, Never>] {
            let satisfied = watchers.filter { $0.value.count <= sleepers.count }
            for id in satisfied.keys { watchers[id] = nil }
            return satisfied.values.map(\.waiting)
        }

        mutating func nextNumber() -> Int {
            count += 1
            return count
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

    /// Returns when at least so many tasks sleep, or one of `calls` has ended, which is an issue: nobody need sleep any more then.
    func waitForSleepers(_ count: Int = 1, of calls: any Ending..., sourceLocation: SourceLocation = #_sourceLocation) async {
        let id = state.withLock { $0.nextNumber() }
        let observers = calls.map { call in
            Task {
                await call.end()
                stopWatching(id)
            }
        }
        defer { for observer in observers { observer.cancel() } }
        if await !watch(id, for: count) {
            Issue.record("fewer than \(count) slept when the call ended or the test's time was up", sourceLocation: sourceLocation)
        }
    }

    /// Whether so many tasks came to sleep before somebody stopped the watching.
    private func watch(_ id: Int, for count: Int) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiting in
                let (isStopped, satisfied) = state.withLock { state in
                    let isStopped = state.stopped.contains(id)
                    if !isStopped { state.watchers[id] = (count, waiting) }
                    return (isStopped, state.satisfiedWatchers())
                }
                if isStopped { waiting.resume(returning: false) }
                for watcher in satisfied { watcher.resume(returning: true) }
            }
        } onCancel: {
            stopWatching(id)
        }
    }

    private func stopWatching(_ id: Int) {
        let watcher = state.withLock { state in
            state.stopped.insert(id)
            return state.watchers.removeValue(forKey: id)
        }
        watcher?.waiting.resume(returning: false)
    }

    private func sleep(until instant: ContinuousClock.Instant) async -> Bool {
        let id = state.withLock { $0.nextNumber() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiting in
                let isDue = state.withLock { $0.now >= instant }
                guard !isDue, !Task.isCancelled else { return waiting.resume(returning: !Task.isCancelled) }
                let satisfied = state.withLock { state in
                    state.sleepers[id] = (instant, waiting)
                    return state.satisfiedWatchers()
                }
                for watcher in satisfied { watcher.resume(returning: true) }
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

/// Something that ends.
protocol Ending: Sendable {
    func end() async
}

extension Task: Ending {
    func end() async { _ = await result }
}
