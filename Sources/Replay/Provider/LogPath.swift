import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The path of a log, of which the folder may be named, or the session.
enum LogPath {
    /// The log that `name` means: a path, or a session's id or a beginning of it that no other one has. What is neither is the path of a
    /// log that is not there yet.
    static func find(_ name: String, environment: [String: String]) -> String {
        guard access(name, F_OK) != 0, !name.contains("/"), !name.isEmpty, let paths = try? SessionPaths(environment: environment) else {
            return file(name)
        }
        let sessions = SessionStore(paths: paths).sessions().filter { $0.id.hasPrefix(name) }
        let session = sessions.first { $0.id == name } ?? (sessions.count == 1 ? sessions.first : nil)
        return session?.logPath ?? name
    }

    private static func file(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return path }
        return path.hasSuffix("/") ? path + "events.jsonl" : path + "/events.jsonl"
    }
}
