import ArgumentParsing
import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The argument `SESSION`: a log, a session's folder, `last`, or a session's id or a beginning of it that no other one has.
struct SessionArgument {
    static let last = "last"

    /// The argument, for commands that look into one session.
    static let argument = Argument(
        "SESSION", hint: .file,
        help: "Event log, session folder, `last` or the beginning of a session's id; this project's sessions come first. [default: last]",
        isOptional: true)

    /// The options that go with it.
    static let options: [Option] = [
        .value("--session-root", named: "DIR", hint: .directory, help: "Folder of event logs.", default: "~/.amplifier/projects")
    ]

    private let store: SessionStore
    /// The project of the working folder.
    let project: String

    /// - Throws: `UsageError`, `SessionLogError`: there is no folder in which to look.
    init(_ command: ParsedCommand, environment: [String: String]) throws {
        store = SessionStore(paths: try Self.paths(command, environment: environment))
        project = SessionPaths.project()
    }

    /// Looks for sessions in `store`.
    init(store: SessionStore, project: String) {
        self.store = store
        self.project = project
    }

    /// Where sessions lie: in `--session-root`, else where the environment says.
    static func paths(_ command: ParsedCommand, environment: [String: String]) throws -> SessionPaths {
        guard let root = command.value("session-root") else { return try SessionPaths(environment: environment) }
        guard !root.isEmpty else { throw command.usageError("`--session-root` names no folder") }
        return SessionPaths(root: root)
    }

    /// All sessions, or those of one project; the last written first.
    func sessions(in project: String?) -> [SessionLocation] { store.sessions(in: project) }

    /// The event log that `text` means; the last session's where it is `nil`.
    /// - Throws: `InputError`, which says what was looked for, and where.
    func logPath(_ text: String?) throws(InputError) -> String {
        let text = text ?? Self.last
        guard !text.isEmpty else { throw InputError(message: "the session is an empty text: give a path, an id or `last`") }
        if text == Self.last { return try newest().logPath }
        if text.contains("/") || text.hasSuffix(".jsonl") || text.hasSuffix(".zst") || text == "." { return try log(at: text) }
        if let session = try session(beginningWith: text, in: project) { return session.logPath }
        if let session = try session(beginningWith: text, in: nil) { return session.logPath }
        // A folder of the working folder, should it be one.
        if access(text, F_OK) == 0 { return try log(at: text) }
        throw InputError(message: "no session \"\(text)\": none of \(place) has an id that begins so", isMissingFile: true)
    }

    /// The event log of the session that is to go on. Without a name it is the last one of this project alone: what is said next goes into its
    /// conversation, and that to the server of this project.
    /// - Throws: `InputError`, which says what was looked for, and where.
    func resumablePath(_ text: String) throws(InputError) -> String {
        guard text == Self.last else { return try logPath(text) }
        if let session = store.sessions(in: project).first { return session.logPath }
        let other = try newest()
        throw InputError(
            message:
                "there is no session of this folder's project yet (`--resume=\(other.id)` goes on with the last one of \(other.project))",
            isMissingFile: true)
    }

    /// Whether a word that was given as a prompt means a session: `last`, a log, or four letters or more with which an id begins.
    func isSession(_ word: String) -> Bool {
        if word == Self.last { return true }
        if word.contains("/") || word.hasSuffix(".jsonl") || word.hasSuffix(".zst") || word == "." {
            return (try? log(at: word)).map { $0.hasSuffix(".jsonl") || $0.hasSuffix(".zst") } ?? false
        }
        return word.count >= 4 && store.sessions().contains { $0.id.hasPrefix(word) }
    }

    private func newest() throws(InputError) -> SessionLocation {
        guard let newest = store.sessions(in: project).first ?? store.sessions().first else {
            throw InputError(message: "there is no session yet below \(store.paths.root)", isMissingFile: true)
        }
        return newest
    }

    /// The session of this id, else the only one whose id begins so.
    private func session(beginningWith beginning: String, in project: String?) throws(InputError) -> SessionLocation? {
        let found = store.sessions(in: project).filter { $0.id.hasPrefix(beginning) }
        if let exact = found.first(where: { $0.id == beginning }) { return exact }
        guard found.count > 1 else { return found.first }
        let shown = found.prefix(8).map { "\n  \($0.id)  \(LocalTime($0.modified).dateAndTime)  \($0.project)" }.joined()
        let rest = found.count > 8 ? "\n  and \(found.count - 8) more" : ""
        throw InputError(message: "\"\(beginning)\" begins the ids of \(found.count) sessions:\(shown)\(rest)")
    }

    private func log(at path: String) throws(InputError) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw InputError(
                message: "cannot read the event log \(path): \(String(cString: strerror(errno)))", isMissingFile: errno == ENOENT)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { return path }
        guard SessionStore.hasLog(path) else {
            throw InputError(message: "\(path) is no session's folder: there is no events.jsonl in it", isMissingFile: true)
        }
        return (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/events.jsonl"
    }

    private var place: String {
        let count = store.sessions().count
        return count == 1 ? "the 1 session below \(store.paths.root)" : "the \(count) sessions below \(store.paths.root)"
    }
}
