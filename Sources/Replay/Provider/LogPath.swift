import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The path of a log, of which the folder may be named, or the session.
enum LogPath {
    /// How much of an id has to be there: what is shorter may as well be a word.
    private static let shortestID = 8

    /// The log that `name` means: a path, or a session's id or a beginning of it that no other one has.
    static func find(_ name: String, environment: [String: String]) -> String {
        guard access(name, F_OK) != 0, !name.contains("/"), !name.isEmpty, let paths = try? SessionPaths(environment: environment) else {
            return file(name)
        }
        let sessions = SessionStore(paths: paths).sessions().filter { $0.id.hasPrefix(name) }
        let isUnique = sessions.count == 1 && name.count >= shortestID
        let session = sessions.first { $0.id == name } ?? (isUnique ? sessions.first : nil)
        return session?.logPath ?? name
    }

    /// The log that answers are recorded in. A name is never that of a session: its log is no place for other sessions' calls.
    static func file(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return path }
        return path.hasSuffix("/") ? path + "events.jsonl" : path + "/events.jsonl"
    }
}
