/// What has arrived of a body and was not read yet, and who waits for it. A value without I/O: its owner does what it returns,
/// outside the lock.
struct ResponseBuffer {
    /// What a reader gets: a batch, or `nil` at the end.
    typealias Batch = Result<[UInt8]?, TransportError>
    /// A reader who waits.
    typealias Reader = UnsafeContinuation<Batch, Never>

    /// What `read` found.
    struct Reading {
        /// What to give to the reader, or `nil` when it has to wait.
        var batch: Batch?
        /// Whether the sender was stopped and is to go on.
        var isResumed = false
        /// Whether the engine has to be told of the reader's limit: it looks at the limits later than that one passes, or not at all.
        var isUnwatched = false
    }

    /// A reader and what it is to be resumed with.
    struct Delivery {
        let reader: Reader
        let batch: Batch

        func resume() { reader.resume(returning: batch) }
    }

    private var bytes: [UInt8] = []
    private var reader: Reader?
    /// How long the reader waits.
    private var limit: ReadLimit?
    /// When the engine looks at the limit; it was told so once, not for every reading.
    private var checkTime: MonotonicTime?
    private var isPaused = false
    private var end: Batch?

    /// Whether no more bytes will come.
    var hasEnded: Bool { end != nil }

    /// How many bytes wait to be read.
    var count: Int { bytes.count }

    /// Takes what there is, for `waiting` where that is somebody who can wait.
    mutating func read(waiting: Reader? = nil, by limit: ReadLimit? = nil) -> Reading {
        guard reader == nil else { return Reading(batch: .failure(.readTwice)) }
        var reading = Reading(batch: end, isResumed: isPaused)
        isPaused = false
        if !bytes.isEmpty {
            reading.batch = .success(bytes)
            bytes = []
        } else if end == nil, let waiting {
            reader = waiting
            self.limit = limit
            if let deadline = limit?.time, checkTime.map({ deadline < $0 }) ?? true {
                checkTime = deadline
                reading.isUnwatched = true
            }
        }
        return reading
    }

    /// The limit of the reader who waits, for the engine to look at: when it passes, the engine looks again.
    mutating func limitToWatch() -> ReadLimit? {
        let limit = reader == nil ? nil : limit
        checkTime = limit?.time
        return limit
    }

    /// Adds `batch`; somebody who waits gets it at once.
    mutating func append(_ batch: [UInt8]) -> Delivery? {
        if let reader {
            self.reader = nil
            return Delivery(reader: reader, batch: .success(batch))
        }
        if bytes.isEmpty { bytes = batch } else { bytes += batch }
        return nil
    }

    /// Stops the sender when there are `limit` bytes or more, `pending` of them not handed over yet.
    /// - Returns: whether the sender has to stop.
    mutating func pause(pending: Int, limit: Int) -> Bool {
        isPaused = bytes.count + pending >= limit
        return isPaused
    }

    /// Ends the body; what was not read yet is still read, except after `.cancelled`.
    mutating func finish(_ error: TransportError?) -> Delivery? {
        guard end == nil else { return nil }
        let end: Batch = error.map { .failure($0) } ?? .success(nil)
        self.end = end
        if error?.code == .cancelled { bytes = [] }
        defer { reader = nil }
        return reader.map { Delivery(reader: $0, batch: end) }
    }
}
