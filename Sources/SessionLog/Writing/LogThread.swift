import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Writes what is queued for a log, on a thread of its own, which is there as long as there is something to do.
///
/// What cannot be written stays in the queue and is tried again; what the queue has no room for meanwhile is dropped. Only at the end what
/// still cannot be written is given up.
final class LogThread: Sendable {
    private struct State: Sendable {
        var queue: LogQueue
        var options: SessionLogOptions
        /// The file, while no thread has it.
        var file: LogFile?
        var isRunning = false
        /// What the thread waits for.
        var waiting = Waiting.no
        /// Whether it has to be woken for that.
        var isAsleep = false
        var isClosing = false
        var isDone = false
        /// Nobody waits for the end any more.
        var isAbandoned = false
        /// Records that were taken into the queue, and those of them that are written or given up.
        var accepted = 0
        var settled = 0
        /// Records that were dropped or given up.
        var lost = 0
        /// Up to which record somebody waits.
        var wanted = 0
        var failure: SessionLogError?

        /// Whether what is queued is to be written now.
        var isDue: Bool { !queue.isEmpty && (isClosing || wanted > settled || queue.bytes >= LogThread.gathered) }

        /// Whether there is something to do for a thread that waits.
        var hasWork: Bool {
            switch waiting {
            case .no: false
            case .forRecords: !queue.isEmpty || isClosing || isAbandoned
            case .gathering: isDue || isClosing || isAbandoned
            }
        }

        /// The next records to be written.
        mutating func take() -> LogGroup {
            let (group, tellsOfDrops) = queue.take(reason: failure?.reason ?? "")
            if tellsOfDrops { accepted += 1 }
            return group
        }
    }

    private enum Waiting {
        case no
        case forRecords
        /// For more of them.
        case gathering
    }

    /// How much is gathered for one write.
    private static let gathered = 256 << 10

    /// How long it is gathered: to be woken for a record costs more than all else about it.
    private static func gathering(_ durability: SessionLogOptions.Durability) -> Duration {
        durability == .none ? .seconds(1) : .milliseconds(1)
    }

    /// How long a thread waits for more before it ends.
    private static let idle = Duration.seconds(5)

    private let path: String
    private let monitor: Monitor<State>

    init(_ file: LogFile, _ options: SessionLogOptions) {
        path = file.path
        monitor = Monitor(State(queue: LogQueue(limit: options.queueSize), options: options, file: file))
    }

    /// How many records were dropped, or given up.
    var lost: Int { monitor.withLock { $0.lost + ($0.isAbandoned ? $0.accepted - $0.settled : 0) } }

    /// The first reason for which something could not be written at once.
    var failure: SessionLogError? { monitor.withLock { $0.failure } }

    func configure(_ options: SessionLogOptions) {
        monitor.withLock { state in
            state.options = options
            state.queue.limit = options.queueSize
        }
    }

    /// Queues records, in order. Never waits for the disk.
    /// - Parameter lines: the lines of those that have one, one behind the other.
    func add(_ records: some Collection<LogRecord>, lines: UnsafeBufferPointer<UInt8>) {
        let needsThread = monitor.withLock(wakingIf: Self.mustWake) { state in
            guard !state.isClosing else {
                state.lost += records.count
                state.failure = state.failure ?? SessionLogError(.write, path, reason: "the log is closed")
                return false
            }
            for record in records {
                if state.queue.add(record, of: lines) {
                    state.accepted += 1
                } else {
                    state.lost += 1
                    state.failure = state.failure ?? SessionLogError(.write, path, reason: Self.isFull(state.options))
                }
            }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if needsThread { start() }
    }

    /// Waits until all that was queued before is written, as durably as the options say.
    /// - Returns: whether it is.
    func flush(within limit: Duration) -> Bool {
        let (target, needsThread) = monitor.withLock { state in
            state.wanted = state.accepted
            defer { if !state.queue.isEmpty { state.isRunning = true } }
            return (state.accepted, !state.isRunning && !state.queue.isEmpty)
        }
        if needsThread { start() }
        return monitor.wait(atMost: limit) { $0.settled >= target || $0.isDone } && monitor.withLock { $0.settled >= target }
    }

    /// Writes what is queued, compresses what was put aside, and closes the file. What is not done within the limit is given up.
    func close(within limit: Duration) {
        let needsThread = monitor.withLock { state in
            guard !state.isClosing else { return false }
            state.isClosing = true
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if needsThread { start() }
        guard !monitor.wait(atMost: limit, until: { $0.isDone }) else { return }
        monitor.withLock { state in
            state.isAbandoned = true
            if state.accepted > state.settled {
                state.failure = state.failure ?? SessionLogError(.write, path, reason: "the disk took longer than \(limit)")
            }
        }
    }

    func waitForEnd(within limit: Duration) {
        _ = monitor.wait(atMost: limit) { $0.isDone || $0.isAbandoned }
    }

    private static func mustWake(_ state: inout State) -> Bool {
        guard state.isAsleep, state.hasWork else { return false }
        state.isAsleep = false
        return true
    }

    private static func isFull(_ options: SessionLogOptions) -> String {
        "the queue of \(options.queueSize) bytes was full: the disk is too slow for what is logged"
    }

    private func start() {
        // Without a thread, the work is the caller's.
        if !BackgroundThread.start({ self.work(idle: Self.idle) }) { work(idle: .zero) }
    }

    // MARK: The thread

    private enum Step {
        case write(LogGroup)
        case compress
        case gather(Duration)
        case rest
        case end
    }

    private func work(idle: Duration) {
        let taken = monitor.withLock { state in
            defer { state.file = nil }
            return state.file
        }
        guard var file = taken else { return }
        var segments = SegmentKeeper(path: path)
        while true {
            switch step(isCompressing: segments.isBusy) {
            case .write(var group):
                let options = monitor.withLock { $0.options }
                if write(group, to: &file, options) { segments.look(options) }
                group.removeAll()
                monitor.withLock(wakingIf: { _ in false }) { $0.queue.recycle(group) }
            case .compress: segments.step()
            case .gather(let time): gather(min(time, idle))
            case .rest:
                guard monitor.wait(atMost: idle, until: { $0.hasWork }) else {
                    let rests = monitor.withLock { state in
                        guard !state.hasWork else { return false }
                        state.waiting = .no
                        state.queue.shrink()
                        state.file = file
                        state.isRunning = false
                        return true
                    }
                    if rests { return }
                    continue
                }
            case .end:
                file.leave()
                let options = monitor.withLock { $0.isAbandoned ? nil : $0.options }
                // Also what a crash has left behind.
                if let options, segments.look(options) { continue }
                monitor.withLock { $0.isDone = true }
                return
            }
        }
    }

    private func step(isCompressing: Bool) -> Step {
        monitor.withLock(wakingIf: { _ in false }) { state in
            (state.waiting, state.isAsleep) = (.no, false)
            if state.isAbandoned { return .end }
            let durability = state.options.durability
            if state.isDue || (isCompressing && durability != .none && !state.queue.isEmpty) { return .write(state.take()) }
            if isCompressing { return .compress }
            if state.isClosing { return .end }
            state.waiting = state.queue.isEmpty ? .forRecords : .gathering
            state.isAsleep = true
            return state.queue.isEmpty ? .rest : .gather(Self.gathering(durability))
        }
    }

    /// Waits for more records, so that many are written at once.
    private func gather(_ time: Duration) {
        if monitor.wait(atMost: time, until: { $0.hasWork }) { return }
        monitor.withLock(wakingIf: { _ in false }) { $0.wanted = max($0.wanted, $0.accepted) }
    }

    /// Writes records, as often as it takes. Returns whether the file was put aside meanwhile.
    private func write(_ group: LogGroup, to file: inout LogFile, _ options: SessionLogOptions) -> Bool {
        var done = 0
        var pause = Duration.milliseconds(10)
        var hasRotated = false
        while done < group.count {
            let outcome = file.write(group, from: done, options)
            hasRotated = hasRotated || outcome.hasRotated
            done += outcome.written + outcome.lost
            // Unless there is more to write, the others that write the log have their turn, and before anybody is told that this is
            // written: what comes then looks again where the file is.
            if !monitor.withLock(wakingIf: { _ in false }, { $0.isDue }) { file.leave() }
            let isEnding = monitor.withLock { state in
                state.settled += outcome.written + outcome.lost
                state.lost += outcome.lost
                state.failure = state.failure ?? outcome.failure
                return state.isClosing
            }
            guard done < group.count else { break }
            // A reader of a pipe may be slow. Anything else that is so at the end stays so.
            let mayPass = outcome.failure?.code == EAGAIN
            if isEnding, !mayPass || monitor.withLock({ $0.isAbandoned }) {
                giveUp(group.count - done)
                break
            }
            file.leave()
            _ = monitor.wait(atMost: pause) { $0.isAbandoned || (!mayPass && $0.isClosing) }
            pause = min(pause * 2, .seconds(1))
        }
        return hasRotated
    }

    private func giveUp(_ count: Int) {
        monitor.withLock { state in
            let waiting = state.queue.count
            state.queue = LogQueue(limit: 0)
            state.settled += count + waiting
            state.lost += count + waiting
        }
    }
}
