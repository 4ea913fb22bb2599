#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What there is to do for a log, and what the log's thread does next. A value without I/O: what is to be written is given out with the
/// file, and comes back with it.
struct LogWork: Sendable {
    /// What the log's thread does next.
    enum Step {
        case write(LogPortion)
        /// Looks after the parts that were put aside.
        case look(SessionLogOptions)
        case compress
        /// Waits for more records, so that many are written at once.
        case gather(Duration)
        /// Waits for something to do.
        case rest
        case end
    }

    /// What the thread waits for.
    private enum Waiting {
        case no
        case forWork
        case forMore
    }

    /// How much is gathered for one write.
    private static let gathered = 256 << 10
    /// How often records are written at once, one write after another, before they are gathered: each write has its price.
    private static let hastyWrites = 8

    var options: SessionLogOptions
    private var queue: LogQueue
    /// The file, while nobody writes.
    private var handle: LogFileHandle?
    /// What could not be written, and comes first.
    private var rest: (group: LogGroup, settled: Int)?
    /// Whether that may be so for a while only, as the reader of a pipe may be slow. Anything else that is so at the end stays so.
    private var mayPass = false
    /// Whether it was tried since the end began.
    private var isTriedAtEnd = false
    /// The file was put aside, which the thread does not know yet.
    private var hasRotated = false
    private(set) var hasThread = false
    /// How often the thread has written since it rested.
    private var writes = 0
    private var waiting = Waiting.no
    /// Whether the thread has to be woken for what it waits for.
    private var isAsleep = false
    /// How many wait until something is written.
    var waiters = 0
    /// Up to which record somebody waits, or the thread has gathered.
    private var wanted = 0
    private(set) var isClosing = false
    /// Nobody waits for the end any more.
    private(set) var isAbandoned = false
    private(set) var isDone = false
    /// Records that were taken into the queue, and those of them that are written or given up.
    private(set) var accepted = 0
    private(set) var settled = 0
    /// Records that were dropped or given up.
    private(set) var lost = 0
    private(set) var failure: SessionLogError?

    init(_ file: LogFile, _ options: SessionLogOptions) {
        handle = LogFileHandle(file)
        self.options = options
        queue = LogQueue(limit: options.queueSize)
    }

    private var hasRecords: Bool { rest != nil || !queue.isEmpty }

    /// Whether what waits is to be written now.
    private var isDue: Bool { isDue(behind: 0) }

    /// Whether what waits is to be written as soon as so many records more are settled.
    func isDue(behind count: Int) -> Bool {
        hasRecords && (isClosing || wanted > settled + count || queue.bytes >= Self.gathered)
    }

    mutating func configure(_ options: SessionLogOptions) {
        self.options = options
        queue.limit = options.queueSize
    }

    /// Queues a record. Returns whether there was room for it.
    mutating func add(_ record: LogRecord, of lines: UnsafeBufferPointer<UInt8>, path: String) -> Bool {
        let reason: String
        if isClosing {
            reason = "the log is closed"
        } else if queue.add(record, of: lines) {
            accepted += 1
            return true
        } else {
            reason = "the queue of \(options.queueSize) bytes was full: the disk is too slow for what is logged"
        }
        lost += 1
        failure = failure ?? SessionLogError(.write, path, reason: reason)
        return false
    }

    // MARK: Writing

    /// The next records that are to be written, and the file; `nil` while somebody else has it.
    private mutating func take() -> LogPortion? {
        guard hasRecords, let handle else { return nil }
        self.handle = nil
        if let (group, settled) = rest {
            rest = nil
            return LogPortion(group, settled: settled, to: handle, options, isAtEnd: isClosing)
        }
        let (group, tellsOfDrops) = queue.take(reason: failure?.reason ?? "")
        if tellsOfDrops { accepted += 1 }
        return LogPortion(group, to: handle, options, isAtEnd: isClosing)
    }

    /// The next records up to one that somebody waits for, who writes them where nobody else does.
    mutating func take(upTo target: Int) -> LogPortion? {
        wanted = max(wanted, target)
        return settled < target ? take() : nil
    }

    /// Takes back what was given out, with what came of it.
    mutating func settle(_ portion: consuming LogPortion, _ outcome: LogFile.Outcome) {
        settled += outcome.written + outcome.lost
        lost += outcome.lost
        failure = failure ?? outcome.failure
        hasRotated = hasRotated || outcome.hasRotated
        if portion.isSettled {
            queue.recycle(portion.group)
        } else {
            rest = (portion.group, portion.settled)
            mayPass = outcome.failure?.code == EAGAIN
            isTriedAtEnd = portion.isAtEnd
        }
        handle = portion.handle
    }

    /// Whether what could not be written is tried again without a pause, or given up: the end does not wait for it.
    var isUrgent: Bool { isAbandoned || (isClosing && !mayPass) }

    /// Gives up what could not be written at the end either, where it does not wait for it. Returns whether it did.
    mutating func giveUp() -> Bool {
        guard isAbandoned || (isUrgent && isTriedAtEnd) else { return false }
        let count = queue.count + (rest.map { $0.group.count - $0.settled } ?? 0)
        rest = nil
        queue = LogQueue(limit: 0)
        settled += count
        lost += count
        return true
    }

    // MARK: The end

    /// Begins the end. Returns whether that is new.
    mutating func close() -> Bool {
        defer { isClosing = true }
        return !isClosing
    }

    /// Gives up what is not written yet, in the end.
    mutating func abandon(_ failure: SessionLogError) {
        isAbandoned = true
        if accepted > settled { self.failure = self.failure ?? failure }
    }

    // MARK: The thread

    /// Whether a thread has to be started for what there is to do. It counts as there then.
    mutating func needsThread() -> Bool {
        guard !hasThread, !isDone, hasRecords || hasRotated || isClosing else { return false }
        hasThread = true
        return true
    }

    /// Whether the thread that waits has something to do.
    var hasWork: Bool {
        guard !isAbandoned else { return true }
        // While somebody writes, there is nothing to do with the file.
        guard waiting != .no, handle != nil else { return false }
        return hasRotated || isClosing || (waiting == .forWork ? hasRecords : isDue)
    }

    /// Whether the thread that was woken has something to do. Else somebody has done it before, and it has to be woken again.
    mutating func findsWork() -> Bool {
        guard !hasWork else { return true }
        isAsleep = true
        return false
    }

    /// Whether the thread has to be woken.
    mutating func mustWakeThread() -> Bool {
        guard isAsleep, hasWork else { return false }
        isAsleep = false
        return true
    }

    /// What the thread does next.
    mutating func step(isCompressing: Bool) -> Step {
        (waiting, isAsleep) = (.no, false)
        if isAbandoned { return .end }
        if hasRotated {
            hasRotated = false
            return .look(options)
        }
        let isHasty = options.durability != .none
        let isAtOnce = isHasty && (writes < Self.hastyWrites || isCompressing)
        if isDue || (isAtOnce && hasRecords), let portion = take() {
            writes += 1
            return .write(portion)
        }
        if isCompressing { return .compress }
        if isClosing, handle != nil { return .end }
        isAsleep = true
        waiting = handle != nil && hasRecords ? .forMore : .forWork
        if waiting == .forMore { return .gather(isHasty ? .milliseconds(1) : .seconds(1)) }
        writes = 0
        return .rest
    }

    /// It was gathered for long enough.
    mutating func endGathering() { wanted = max(wanted, accepted) }

    /// Lets the thread end that has waited long for something to do. Returns whether it does.
    mutating func endThread() -> Bool {
        guard !hasWork else { return false }
        waiting = .no
        hasThread = false
        queue.shrink()
        return true
    }

    /// The file, at the end, for nobody writes it any more.
    mutating func takeFile() -> LogFileHandle? {
        defer { handle = nil }
        return handle
    }

    /// All is done that will be.
    mutating func end() { isDone = true }
}
