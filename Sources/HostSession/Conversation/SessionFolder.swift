import Locks

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The folder of a session, with what lies beside its log: the conversation, by which the session can be resumed.
///
/// One process at a time writes it: whoever has the lock on the folder.
public final class SessionFolder: Sendable {
    static let transcriptName = "transcript.jsonl"
    static let metadataName = "metadata.json"
    static let logName = "events.jsonl"

    /// The folder's path.
    public let path: String
    /// The open folder, on which the lock is; -1 where there is none.
    private let descriptor: Guarded<Int32>
    /// Another process has the lock.
    let isInUse: Bool

    var transcriptPath: String { path + "/" + Self.transcriptName }
    /// The transcript that was replaced last, as Amplifier names it.
    var backupPath: String { transcriptPath + ".backup" }
    var metadataPath: String { path + "/" + Self.metadataName }
    /// One that could not be read, as Amplifier names it.
    var metadataBackupPath: String { metadataPath + ".backup" }
    var logPath: String { path + "/" + Self.logName }

    /// Whether it is for this process to write the conversation.
    var isLocked: Bool { descriptor.withLock { $0 >= 0 } }

    /// The folder of a log.
    /// - Parameter logPath: the event log in it.
    init(ofLog logPath: String) {
        path = logPath.lastIndex(of: "/").map { String(logPath[..<$0]) } ?? "."
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A file system that knows no locks keeps nobody out, nor does NFS, which takes this one only on what is open for writing.
        isInUse = descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
        if isInUse { close(descriptor) }
        self.descriptor = Guarded(isInUse ? -1 : descriptor)
    }

    deinit { unlock() }

    /// Lets others go on with the conversation.
    func unlock() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // A process that is just being started may still have a copy of the descriptor, which would keep the lock.
            _ = flock(descriptor, LOCK_UN)
            close(descriptor)
            descriptor = -1
        }
    }

    /// A folder's path from the root, without symbolic links.
    static func absolute(_ folder: String) -> String {
        guard let path = realpath(folder, nil) else { return folder }
        defer { free(path) }
        return String(cString: path)
    }

    /// The session's id: the name of its folder, whichever way led there (`.`, a symbolic link).
    var sessionID: String { Self.absolute(path).split(separator: "/").last.map { String($0) } ?? path }
}
