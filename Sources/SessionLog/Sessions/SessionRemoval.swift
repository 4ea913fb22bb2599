import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Removes the folder of a session, and nothing else: no session that is being written, no file that is not a session's own, and nothing
/// outside of the folder of all sessions, wherever symbolic links lead.
struct SessionRemoval: ~Copyable {
    /// A log that no lock is kept for, as other programs write it, may be being written as long as this, in seconds.
    private static let quietTime = 600
    /// What programs put beside a log, besides its parts.
    private static let companions: Set<String> = [
        "metadata.json", "metadata.json.backup", "transcript.jsonl", "transcript.jsonl.backup", "config.md", "settings.yaml",
    ]

    private let parent: Int32
    private let folder: Int32
    private let name: String

    /// Opens the folder; `nil` where there is none, or a symbolic link is in its place.
    init?(_ session: SessionLocation, root: String) {
        func enter(_ name: String, in folder: Int32) -> Int32 { openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        let top = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(top) }
        let project = enter(session.project, in: top)
        defer { close(project) }
        let parent = enter("sessions", in: project)
        let folder = enter(session.id, in: parent)
        guard folder >= 0 else {
            close(parent)
            return nil
        }
        self.parent = parent
        self.folder = folder
        name = session.id
    }

    deinit {
        close(folder)
        close(parent)
    }

    /// Removes the folder, or says why it stays.
    /// - Parameter isTrial: everything is looked at, and nothing removed.
    func run(isTrial: Bool) -> SessionStore.Removal {
        guard flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return .kept("it is being written") }
        let lock = openat(folder, Self.lockName, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        defer { if lock >= 0 { close(lock) } }
        if lock >= 0, flock(lock, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return .kept("it is being written") }
        var files: [String] = []
        let entries = entries()
        // What an earlier removal has left, or a session that has only just begun.
        let hasNoLog = !entries.contains { Self.isLog($0) }
        for file in entries {
            guard let status = status(of: file) else { continue }
            guard status.st_mode & S_IFMT == S_IFREG, Self.isOwn(file) else {
                return .kept("\(file) is in it, which is no file of a session")
            }
            if hasNoLog || (lock < 0 && Self.isLog(file)), LogTimestamp.now().seconds - FileStatus(status).modified.seconds < Self.quietTime
            {
                return .kept("it may be being written")
            }
            files.append(file)
        }
        if isTrial { return .removed }
        for file in Self.inOrder(files) {
            guard unlinkat(folder, file, 0) == 0 || errno == ENOENT else { return .failed("\(file): \(String(cString: strerror(errno)))") }
        }
        guard unlinkat(parent, name, AT_REMOVEDIR) == 0 else { return .failed(String(cString: strerror(errno))) }
        return .removed
    }

    private static let lockName = "events.lock"
    private static let logName = "events.jsonl"

    /// A session's files in the order in which they are removed. What was said goes first, and the log, by which the session is found, when
    /// all else is gone: whatever fails in between, the rest can be removed later. The lock last: as long as it is there, so is its holder.
    static func inOrder(_ files: [String]) -> [String] {
        func rank(_ file: String) -> Int { file == lockName ? 3 : file == logName ? 2 : isLog(file) ? 1 : 0 }
        return files.sorted { (rank($0), $0) < (rank($1), $1) }
    }

    private func entries() -> [String] {
        // A descriptor of its own, which the listing closes.
        let copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let handle = fdopendir(copy) else { return [] }
        defer { closedir(handle) }
        return LogSegment.entries(of: handle)
    }

    private func status(of file: String) -> stat? {
        var status = stat()
        return fstatat(folder, file, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    private static func isLog(_ file: String) -> Bool { file.hasPrefix("events.") && file != lockName }

    /// Whether files of these names are what is left of a session: its conversation without its log.
    static func isRest(_ files: [String]) -> Bool {
        files.allSatisfy { isOwn($0) && !isLog($0) }
            && files.contains { $0 == lockName || $0.hasPrefix("metadata.json") || $0.hasPrefix("transcript.jsonl") }
    }

    /// Whether a session's folder has files of this name: the log, its parts, what is beside it, and what becomes one of these.
    static func isOwn(_ file: String) -> Bool {
        if file == logName || file == lockName || companions.contains(file) { return true }
        for name in companions where file.hasPrefix(name + ".") && file.hasSuffix(".tmp") { return true }
        return LogSegment.isSegment(file.hasSuffix(".zst.tmp") ? String(file.dropLast(".tmp".count)) : file)
    }
}

extension SessionStore {
    /// What became of a session that was to be removed.
    public enum Removal: Sendable, Hashable {
        /// It is gone.
        case removed
        /// It stays, for this reason.
        case kept(String)
        /// It could not be removed, or not all of it, for this reason.
        case failed(String)
    }

    /// Removes a session: its folder with all that is in it.
    /// - Parameter isTrial: it is only said what would become of it.
    public func remove(_ session: SessionLocation, isTrial: Bool = false) -> Removal {
        guard let removal = SessionRemoval(session, root: paths.root) else {
            return .kept("its folder is no folder below \(paths.root), or a symbolic link")
        }
        return removal.run(isTrial: isTrial)
    }
}
