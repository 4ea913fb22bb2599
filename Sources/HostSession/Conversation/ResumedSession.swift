/// A session that is to go on: its folder, which no other process writes meanwhile, and its conversation.
public struct ResumedSession: Sendable {
    let folder: SessionFolder
    /// What was said, and what is known of the session.
    public let conversation: StoredConversation

    /// Reads the conversation beside a log, and keeps other processes from going on with it.
    /// - Parameter logPath: the session's event log.
    /// - Throws: `HostError` with the code `resume`: the session is in use, has no transcript, or one that cannot be read; the log is none that
    ///   a session goes on in, such as an older part of it or a copy.
    public init(logPath: String) throws(HostError) {
        guard logPath.split(separator: "/").last.map({ String($0) }) == SessionFolder.logName else {
            throw HostError(
                .resume, "\(logPath) is no log that a session goes on in",
                hint: "name the session's folder or the \(SessionFolder.logName) in it")
        }
        folder = SessionFolder(ofLog: logPath)
        guard !folder.isInUse else {
            throw HostError(
                .resume, "the session \(folder.sessionID) is in use: another process writes its conversation", hint: "end that one first")
        }
        conversation = try StoredConversation(folder)
    }

    /// The session's id.
    public var sessionID: String { folder.sessionID }
}
