public import JSON
import Locks
public import ProviderKit
import Redaction
public import SessionLog

/// Where a session's events go: its log, and whoever else listens.
public final class SessionRecorder: EventSink {
    /// The session's id, in every event.
    public let sessionID: String
    /// The log's path.
    public let logPath: String

    /// What lies beside the log.
    let folder: SessionFolder
    /// The folder that the session belongs to.
    let workingFolder: String
    /// The conversation that goes on.
    public let resumed: StoredConversation?
    private let log: SessionLogWriter
    private let filter = Guarded(EventFilter())
    /// What must not be in the log, wherever it stands.
    let secrets = SecretStore()
    private let listeners: [any EventSink]
    private let isFinished = Guarded(false)
    /// How the log is written until the plan's settings are known: what was there before stays as it is.
    private static let unconfigured = SessionLogOptions(rotateSize: 0, compresses: false)

    /// Opens a session's log and writes `session:start`.
    /// - Parameters:
    ///   - paths: the folder of all logs.
    ///   - workingFolder: the folder that the session belongs to.
    ///   - listeners: who else gets the events.
    /// - Throws: `HostError` with the code `log`.
    public init(
        sessionID: String = SessionID.random(), paths: SessionPaths, workingFolder: String = ".", listeners: [any EventSink] = []
    ) throws(HostError) {
        self.sessionID = sessionID
        self.listeners = listeners
        self.workingFolder = SessionFolder.absolute(workingFolder)
        resumed = nil
        do throws(SessionLogError) {
            logPath = try paths.eventLog(session: sessionID, workingFolder: workingFolder)
            log = try SessionLogWriter(
                path: logPath, sessionID: sessionID, filter: EventFilter(exclude: []), redactor: nil, options: Self.unconfigured)
        } catch {
            throw HostError(.log, "\(error)", hint: "choose another folder with --session-root")
        }
        folder = SessionFolder(ofLog: logPath)
        emit(EventName.sessionStart, ["parent_id": .null])
    }

    /// Opens the log of a session that goes on and writes `session:resume`, in place of `session:start`, as Amplifier's kernel does.
    /// - Parameters:
    ///   - session: the session, as it was left.
    ///   - listeners: who else gets the events.
    /// - Throws: `HostError` with the code `log`.
    public init(resuming session: ResumedSession, listeners: [any EventSink] = []) throws(HostError) {
        sessionID = session.sessionID
        self.listeners = listeners
        workingFolder = SessionFolder.absolute(".")
        resumed = session.conversation
        folder = session.folder
        logPath = folder.logPath
        do throws(SessionLogError) {
            log = try SessionLogWriter(
                path: logPath, sessionID: sessionID, filter: EventFilter(exclude: []), redactor: nil, options: Self.unconfigured)
        } catch {
            throw HostError(.log, "\(error)")
        }
        emit(EventName.sessionResume, ["parent_id": .null])
    }

    /// Whether the log or a listener wants events of this name.
    public func wants(_ event: String) -> Bool {
        isLogged(event) || listeners.contains { $0.wants(event) }
    }

    /// Queues an event for the log and tells the listeners.
    public func emit(_ event: String, _ data: JSONObject) {
        let isLogged = isLogged(event)
        let redacted = secrets.redactor.redacted(data)
        // What is left where something was taken out may read like a secret itself.
        if isLogged { log.append(event, redacted.map { Redactor().redact($0) } ?? data) }
        for listener in listeners where listener.wants(event) { listener.emit(event, redacted ?? data) }
    }

    private func isLogged(_ event: String) -> Bool { !filter.withLock { $0.excludes(event) } }

    /// Names texts that must not be in the log, wherever they stand.
    public func keepSecret(_ secrets: [String]) { self.secrets.add(secrets) }

    /// The text without what must not be in the log, for whatever else tells of the session.
    public func redacted(_ text: String) -> String { secrets.redactor.redact(text) }

    /// Says which events the log leaves out, and how it is written.
    func configure(_ settings: LogSettings) {
        filter.withLock { $0 = settings.filter }
        log.configure(settings.options)
    }

    /// Why records were lost, if any were.
    public var lostRecords: (count: Int, reason: SessionLogError)? {
        let count = log.lostRecords
        return count > 0 ? log.failure.map { (count, $0) } : nil
    }

    /// Waits until all events so far are in the log.
    public func flush() { log.flush() }

    /// Writes `session:end` and closes the log, upon which the session can be resumed. However slow the disk is, that takes five seconds
    /// at most. Only the first call counts.
    /// - Parameters:
    ///   - status: how the session ended: `ok`, `error` or `cancelled`; by default what `error` says.
    ///   - error: why it failed, if it did.
    public func finish(status: String? = nil, error: String? = nil) {
        let isFirst = isFinished.withLock { isFinished in
            defer { isFinished = true }
            return !isFinished
        }
        // Whoever comes second may end the process next.
        guard isFirst else { return log.waitForEnd() }
        var data: JSONObject = ["parent_id": .null, "status": .string(status ?? (error == nil ? "ok" : "error"))]
        data["error"] = error.map { .string($0) }
        emit(EventName.sessionEnd, data)
        log.close()
        folder.unlock()
    }
}
