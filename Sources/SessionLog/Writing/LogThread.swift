import Locks

/// Writes what is queued for a log, on a thread of its own, which is there as long as there is something to do; what somebody waits for,
/// on the thread that waits, where nothing else is being written: to wake another one costs ten times as much as all else about a record.
///
/// What cannot be written stays in the queue and is tried again; what the queue has no room for meanwhile is dropped. Only at the end what
/// still cannot be written is given up.
final class LogThread: Sendable {
    private let path: String
    private let monitor: Monitor<LogWork>

    /// How long a thread waits for more before it ends.
    private static let idle = Duration.seconds(5)

    init(_ file: LogFile, _ options: SessionLogOptions) {
        path = file.path
        monitor = Monitor(LogWork(file, options))
    }

    /// How many records were dropped, or given up.
    var lost: Int { locked { $0.lost + ($0.isAbandoned ? $0.accepted - $0.settled : 0) } }

    /// The first reason for which something could not be written at once.
    var failure: SessionLogError? { locked { $0.failure } }

    func configure(_ options: SessionLogOptions) { locked { $0.configure(options) } }

    /// Queues records, in order. Never waits for the disk.
    /// - Parameters:
    ///   - lines: the lines of those that have one, one behind the other.
    ///   - isAwaited: somebody is about to wait for them: no thread is woken.
    /// - Returns: whether there was room for all of them.
    func add(_ records: some Collection<LogRecord>, lines: UnsafeBufferPointer<UInt8>, isAwaited: Bool) -> Bool {
        let (isTaken, needsThread) = monitor.withLock(wakingIf: { !isAwaited && $0.mustWakeThread() }) { work in
            var isTaken = true
            for record in records where !work.add(record, of: lines, path: path) { isTaken = false }
            return (isTaken, !isAwaited && work.needsThread())
        }
        if needsThread { start() }
        return isTaken
    }

    /// Waits until all that was queued before is written, as durably as the options say.
    /// - Returns: whether it is.
    func flush(within limit: Duration) -> Bool {
        var (target, next) = locked { ($0.accepted, $0.take(upTo: $0.accepted)) }
        while let portion = next.take() {
            // Another process may have the file for ever.
            let (isWritten, settled) = write(portion, waits: false)
            if settled >= target { return true }
            if isWritten { next = locked { $0.take(upTo: target) } }
        }
        return locked { $0.settled >= target } || wait(for: target, within: limit)
    }

    /// Waits for what another thread writes.
    private func wait(for target: Int, within limit: Duration) -> Bool {
        let needsThread = monitor.withLock(wakingIf: { $0.mustWakeThread() }) { work in
            work.waiters += 1
            return work.settled < target && work.needsThread()
        }
        if needsThread { start() }
        _ = monitor.wait(atMost: limit) { $0.settled >= target || $0.isDone }
        return locked { work in
            work.waiters -= 1
            return work.settled >= target
        }
    }

    /// Writes what is queued, compresses what was put aside, and closes the file. What is not done within the limit is given up.
    func close(within limit: Duration) {
        let needsThread = monitor.withLock { $0.close() && $0.needsThread() }
        if needsThread { start() }
        guard !monitor.wait(atMost: limit, until: { $0.isDone }) else { return }
        monitor.withLock { $0.abandon(SessionLogError(.write, path, reason: "the disk took longer than \(limit)")) }
    }

    func waitForEnd(within limit: Duration) {
        _ = monitor.wait(atMost: limit) { $0.isDone || $0.isAbandoned }
    }

    /// Looks at the work, or changes what nobody waits for.
    private func locked<Result>(_ body: (inout LogWork) -> Result) -> Result {
        monitor.withLock(wakingIf: { _ in false }, body)
    }

    /// Writes records, once, and gives the file back.
    /// - Parameter waits: whether to wait for other processes that write the file.
    /// - Returns: whether all of them are settled, and how many records of the log are.
    private func write(_ portion: consuming LogPortion, waits: Bool = true) -> (isSettled: Bool, count: Int) {
        let outcome = portion.write(waits: waits)
        let isSettled = portion.isSettled
        // Unless there is more to write, the others that write the log have their turn, and before anybody is told that this is written:
        // what comes then looks again where the file is.
        if !isSettled || !locked({ $0.isDue(behind: outcome.written + outcome.lost) }) { portion.leave() }
        let settled = portion
        let (needsThread, count) = monitor.withLock(wakingIf: { $0.mustWakeThread() || $0.waiters > 0 }) { work in
            work.settle(settled, outcome)
            return (work.needsThread(), work.settled)
        }
        if needsThread { start() }
        return (isSettled, count)
    }

    // MARK: The thread

    private func start() {
        // Without a thread, the work is the caller's.
        if !BackgroundThread.start({ self.work(idle: Self.idle) }) { work(idle: .zero) }
    }

    private func work(idle: Duration) {
        var segments = SegmentKeeper(path: path)
        let shortest = Duration.milliseconds(10)
        var pause = shortest
        while true {
            switch locked({ $0.step(isCompressing: segments.isBusy) }) {
            case .write(let portion):
                if write(portion).isSettled {
                    pause = shortest
                } else {
                    wait(pause)
                    pause = min(pause * 2, .seconds(1))
                }
            case .look(let options): segments.look(options)
            case .compress: segments.step()
            case .gather(let time):
                if !monitor.wait(atMost: min(time, idle), until: { $0.findsWork() }) { locked { $0.endGathering() } }
            case .rest:
                if !monitor.wait(atMost: idle, until: { $0.findsWork() }), locked({ $0.endThread() }) { return }
            case .end:
                let options = locked { $0.isAbandoned ? nil : $0.options }
                // Also what a crash has left behind.
                if let options, segments.look(options) { continue }
                // The file is closed before anybody is told of the end.
                _ = locked { $0.takeFile() }
                monitor.withLock { $0.end() }
                return
            }
        }
    }

    /// Waits with what could not be written, or gives it up.
    private func wait(_ pause: Duration) {
        guard !locked({ $0.giveUp() }) else { return }
        _ = monitor.wait(atMost: pause) { $0.isUrgent }
    }
}
