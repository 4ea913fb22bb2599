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
        /// Whether the thread waits for something to be queued.
        var isWaiting = false
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
        var isDue: Bool {
            !queue.isEmpty && (options.durability != .none || isClosing || wanted > settled || queue.bytes >= LogThread.gathered)
        }

        /// Whether there is something to do for a thread that waits.
        var hasWork: Bool { isDue || isClosing || isAbandoned }

        /// The next records to be written.
        mutating func take() -> [SessionEvent] {
            let (events, tellsOfDrops) = queue.take(reason: failure?.reason ?? "")
            if tellsOfDrops { accepted += 1 }
            return events
        }
    }

    /// How much is gathered for one write where that matters more than a crash.
    private static let gathered = 256 << 10
    /// How long it is gathered.
    private static let gathering = Duration.seconds(1)
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

    /// Queues events, in order. Never waits for the disk.
    func add(_ events: some Collection<SessionEvent>) {
        let needsThread = monitor.withLock(wakingIf: Self.mustWake) { state in
            guard !state.isClosing else {
                state.lost += events.count
                state.failure = state.failure ?? SessionLogError(.write, path, reason: "the log is closed")
                return false
            }
            for event in events {
                if state.queue.add(event, size: event.memory) {
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
        guard state.isWaiting, state.hasWork else { return false }
        state.isWaiting = false
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
        case write([SessionEvent])
        case compress
        case end
        case rest
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
            case .write(let events):
                let options = monitor.withLock { $0.options }
                if write(events, to: &file, options) { segments.look(options) }
            case .compress: segments.step()
            case .end:
                let options = monitor.withLock { $0.isAbandoned ? nil : $0.options }
                // Also what a crash has left behind.
                if let options, segments.look(options) { continue }
                monitor.withLock { $0.isDone = true }
                return
            case .rest:
                guard wait(idle) else {
                    let rests = monitor.withLock { state in
                        guard !state.hasWork, state.queue.isEmpty else { return false }
                        state.file = file
                        state.isRunning = false
                        return true
                    }
                    if rests { return }
                    continue
                }
            }
        }
    }

    private func step(isCompressing: Bool) -> Step {
        monitor.withLock(wakingIf: { _ in false }) { state in
            if state.isAbandoned { return .end }
            if state.isDue { return .write(state.take()) }
            if isCompressing { return .compress }
            if state.isClosing { return .end }
            state.isWaiting = true
            return .rest
        }
    }

    /// Waits for work; makes it where records have been gathered long enough. Returns whether there is any.
    private func wait(_ idle: Duration) -> Bool {
        let gathers = monitor.withLock(wakingIf: { _ in false }) { $0.options.durability == .none }
        if monitor.wait(atMost: gathers ? min(Self.gathering, idle) : idle, until: { $0.hasWork }) { return true }
        return monitor.withLock(wakingIf: { _ in false }) { state in
            guard !state.queue.isEmpty else { return false }
            state.wanted = state.accepted
            return true
        }
    }

    /// Writes events, as often as it takes. Returns whether the file was put aside meanwhile.
    private func write(_ events: [SessionEvent], to file: inout LogFile, _ options: SessionLogOptions) -> Bool {
        var rest = events[...]
        var pause = Duration.milliseconds(10)
        var hasRotated = false
        while !rest.isEmpty {
            let outcome = file.write(rest, options)
            hasRotated = hasRotated || outcome.hasRotated
            rest = rest.dropFirst(outcome.written + outcome.lost)
            let isEnding = monitor.withLock { state in
                state.settled += outcome.written + outcome.lost
                state.lost += outcome.lost
                state.failure = state.failure ?? outcome.failure
                return state.isClosing
            }
            guard !rest.isEmpty else { break }
            // A reader of a pipe may be slow. Anything else that is so at the end stays so.
            let mayPass = outcome.failure?.code == EAGAIN
            if isEnding, !mayPass || monitor.withLock({ $0.isAbandoned }) {
                giveUp(rest.count)
                break
            }
            _ = monitor.wait(atMost: pause) { $0.isAbandoned || (!mayPass && $0.isClosing) }
            pause = min(pause * 2, .seconds(1))
        }
        return hasRotated
    }

    private func giveUp(_ count: Int) {
        monitor.withLock { state in
            let waiting = state.queue.count
            _ = state.queue.take(reason: "")
            state.queue = LogQueue(limit: 0)
            state.settled += count + waiting
            state.lost += count + waiting
        }
    }
}
