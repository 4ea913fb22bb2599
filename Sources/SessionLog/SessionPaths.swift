#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the files of sessions lie: `<root>/<project>/sessions/<session>/events.jsonl`, as the Amplifier host and its log viewer have it.
public struct SessionPaths: Sendable, Hashable {
    /// The folder that holds one folder for each project.
    public let root: String

    /// Sessions below `root`, whatever the environment says. A path that is not absolute counts from the working folder. An empty one is
    /// refused when a log is to be found in it.
    public init(root: String) {
        self.root = root
    }

    /// Sessions below `$AMPLIFIER_HOME/projects`, or `~/.amplifier/projects` where that variable is missing or empty. A path that is not
    /// absolute counts from the working folder of now, and stays where that is.
    /// - Throws: `SessionLogError` when there is no home folder to be found, or no working folder where one is needed.
    public init(environment: [String: String]) throws(SessionLogError) {
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        func home() throws(SessionLogError) -> String {
            guard let home = variable("HOME") ?? Self.homeFromAccount() else {
                throw SessionLogError(.locate, "", reason: "HOME is not set and the user has no account entry; set HOME or AMPLIFIER_HOME")
            }
            return home
        }
        let folder =
            switch variable("AMPLIFIER_HOME") {
            case nil: try home() + "/.amplifier"
            case "~"?: try home()
            case let folder? where folder.hasPrefix("~/"): try home() + folder.dropFirst()
            case let folder?: folder
            }
        self.init(root: try Self.absolute(folder) + "/projects")
    }

    /// The name under which the sessions of a working folder are kept: its path with `-` for `/` and `\`, without `:`, and with a
    /// `-` in front. The path is taken as it is.
    public static func slug(of folder: String) -> String {
        var slug = ""
        for scalar in folder.unicodeScalars where scalar != ":" {
            slug.unicodeScalars.append(scalar == "/" || scalar == "\\" ? "-" : scalar)
        }
        return slug.hasPrefix("-") ? slug : "-" + slug
    }

    /// The project that a working folder (the process's own by default) belongs to: its `slug`, symbolic links resolved first.
    public static func project(of workingFolder: String = ".") -> String { slug(of: resolved(workingFolder)) }

    /// The event log of a session that runs in `workingFolder` (the process's own by default), whose symbolic links are resolved first.
    /// - Throws: `SessionLogError` when `session` cannot be the name of a folder, or `root` is empty.
    public func eventLog(session: String, workingFolder: String = ".") throws(SessionLogError) -> String {
        // With an empty root the path would begin at `/`.
        guard !root.isEmpty else { throw SessionLogError(.locate, "", reason: "the folder of all sessions is an empty text") }
        guard Self.isUsable(session) else {
            throw SessionLogError(.locate, "", reason: "a session cannot be called \"\(session)\": its name becomes the name of a folder")
        }
        return "\(root)/\(Self.project(of: workingFolder))/sessions/\(session)/events.jsonl"
    }

    /// Whether a session may have this name: it becomes the name of a folder.
    private static func isUsable(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 255 && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }

    private static func absolute(_ folder: String) throws(SessionLogError) -> String {
        guard !folder.hasPrefix("/") else { return folder }
        guard let working = getcwd(nil, 0) else { throw SessionLogError(.locate, folder, errno: errno) }
        defer { free(working) }
        return String(cString: working) + "/" + folder
    }

    private static func resolved(_ folder: String) -> String {
        guard let path = realpath(folder, nil) else { return folder }
        defer { free(path) }
        return String(cString: path)
    }

    /// The home folder in the user database.
    private static func homeFromAccount() -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
            var entry = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard let base = buffer.baseAddress, getpwuid_r(getuid(), &entry, base, buffer.count, &found) == 0,
                let home = found?.pointee.pw_dir
            else { return nil }
            return String(cString: home)
        }
    }
}
