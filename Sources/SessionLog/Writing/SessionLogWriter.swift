public import JSON
public import Redaction
public import Timestamps

/// Appends the events of a session to its log, from any thread, without ever waiting for the disk.
///
/// Events are queued and written in their order by a thread of the log's own, as many at once as there are, whole lines with one `write`
/// to a file opened for appending: the lines of several threads and processes never mix. What a crash can cost is said by
/// `SessionLogOptions.Durability`; `close` writes what is left.
///
/// A log that cannot be written never stops the session, nor does a slow disk hold it up. What cannot be written waits in the queue and
/// is tried again; what the queue has no room for is dropped, counted, and told by a record `log:dropped` as soon as there is room.
public final class SessionLogWriter: Sendable {
    /// The file that is written.
    public let path: String
    /// The session whose events these are.
    public let sessionID: String
    private let filter: EventFilter
    private let encoder: RecordEncoder
    private let redactor: Redactor?
    private let thread: LogThread

    /// How long the end may take, where the disk does not take what is left.
    public static let closingLimit = Duration.seconds(5)

    /// Opens the log at `path`, which is made (mode 0600) with the folders above it (mode 0700) where it is missing, and appended to
    /// where it is there.
    /// - Parameters:
    ///   - filter: what is left out.
    ///   - redactor: what takes secrets out of every record; `nil` where whoever appends them has done so.
    ///   - options: how it is written.
    /// - Throws: `SessionLogError` when the file cannot be opened or a folder cannot be made.
    public init(
        path: String, sessionID: String, filter: EventFilter = EventFilter(), redactor: Redactor? = Redactor(),
        options: SessionLogOptions = SessionLogOptions()
    ) throws(SessionLogError) {
        guard !sessionID.isEmpty else {
            throw SessionLogError(.open, path, reason: "the session has no name, and readers drop records without one")
        }
        self.path = path
        self.sessionID = sessionID
        self.filter = filter
        self.redactor = redactor
        encoder = RecordEncoder(sessionID: sessionID)
        thread = LogThread(try LogFile(path: path, sessionID: sessionID, redactor: redactor), options)
    }

    /// Changes how the log is written from now on.
    public func configure(_ options: SessionLogOptions) { thread.configure(options) }

    /// Whether events of this name are logged: a caller may save itself the trouble of making one that is not.
    public func logs(_ name: String) -> Bool { !filter.excludes(name) }

    /// How many records are missing from the file: they had no room in the queue, or could not be written until the end.
    public var lostRecords: Int { thread.lost }

    /// The first failure to write, if there was one. Where no record is lost, writing succeeded later.
    public var failure: SessionLogError? { thread.failure }

    /// Queues one event.
    public func append(_ name: String, _ payload: JSONObject = [:], at time: LogTimestamp = .now()) {
        _ = add(name, payload, time, isAwaited: false)
    }

    /// Queues several events, which stand one behind the other in the file.
    public func append(batch events: some Collection<SessionEvent>) { _ = add(events, isAwaited: false) }

    /// Queues one event and waits, as `append` and `flush` do one after the other, for a tenth of the price: nobody else is woken for it.
    /// - Returns: whether it is written, within the limit, of which `flush` says what it ends.
    @discardableResult
    public func write(
        _ name: String, _ payload: JSONObject = [:], at time: LogTimestamp = .now(), within limit: Duration = closingLimit
    ) -> Bool {
        add(name, payload, time, isAwaited: true) && flush(within: limit)
    }

    /// Queues several events and waits, as `append` and `flush` do.
    /// - Returns: whether they are written, within the limit.
    @discardableResult
    public func write(batch events: some Collection<SessionEvent>, within limit: Duration = closingLimit) -> Bool {
        add(events, isAwaited: true) && flush(within: limit)
    }

    private func add(_ name: String, _ payload: JSONObject, _ time: LogTimestamp, isAwaited: Bool) -> Bool {
        guard logs(name) else { return true }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.usualSize) { memory in
            var writer = JSONWriter(memory: memory)
            let record = LogRecord(SessionEvent(name, payload, at: time), encoder, redactor, to: &writer)
            return writer.withBytes { thread.add(CollectionOfOne(record), lines: $0, isAwaited: isAwaited) }
        }
    }

    private func add(_ events: some Collection<SessionEvent>, isAwaited: Bool) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.usualSize) { memory in
            var writer = JSONWriter(memory: memory)
            var records: [LogRecord] = []
            records.reserveCapacity(events.count)
            for event in events where logs(event.name) { records.append(LogRecord(event, encoder, redactor, to: &writer)) }
            return writer.withBytes { thread.add(records, lines: $0, isAwaited: isAwaited) }
        }
    }

    /// How many bytes most records have at most.
    private static let usualSize = 1000

    /// Waits until all that was appended before is written, as durably as the options say. Where nobody else is writing, it is written on
    /// this thread; what the system does not return from then, the limit does not end.
    /// - Returns: whether it is, within the limit.
    @discardableResult
    public func flush(within limit: Duration = closingLimit) -> Bool { thread.flush(within: limit) }

    /// Writes what is left and closes the file. What the disk does not take within the limit is lost, and counted, and so are events that
    /// come later.
    public func close(within limit: Duration = closingLimit) { thread.close(within: limit) }

    /// Waits until somebody else has closed the log.
    public func waitForEnd(within limit: Duration = closingLimit) { thread.waitForEnd(within: limit) }
}
