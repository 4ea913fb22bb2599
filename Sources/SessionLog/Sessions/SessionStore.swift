/// The sessions below a folder: finds them, without reading their logs.
public struct SessionStore: Sendable, Hashable {
    /// Where the sessions lie.
    public let paths: SessionPaths

    /// The sessions below a root.
    public init(paths: SessionPaths) {
        self.paths = paths
    }

    /// The names of the projects that have sessions, in the order of the alphabet.
    public func projects() -> [String] {
        LogSegment.entries(of: paths.root).filter { FileStatus(path: sessionsFolder(of: $0))?.isFolder == true }.sorted()
    }

    /// The sessions of one project, or of all where none is named: the last written first. Folders without an event log are none.
    public func sessions(in project: String? = nil) -> [SessionLocation] { locations(in: project, includesRests: false) }

    /// What can be removed: the sessions, and what is left of those whose log is gone, as a removal that failed leaves them, or hosts that
    /// write no log. The last written first.
    public func removableSessions(in project: String? = nil) -> [SessionLocation] { locations(in: project, includesRests: true) }

    private func locations(in project: String?, includesRests: Bool) -> [SessionLocation] {
        let projects = project.map { [$0] } ?? LogSegment.entries(of: paths.root)
        let found = projects.flatMap { project in
            let folder = sessionsFolder(of: project)
            return LogSegment.entries(of: folder).compactMap {
                SessionLocation(project: project, id: $0, folder: "\(folder)/\($0)", includesRest: includesRests)
            }
        }
        return found.sorted { ($1.modified, $0.id) < ($0.modified, $1.id) }
    }

    /// Whether a folder is a session's: it has an event log, or parts of one.
    public static func hasLog(_ folder: String) -> Bool { SessionLocation(project: "", id: "", folder: folder) != nil }

    private func sessionsFolder(of project: String) -> String { "\(paths.root)/\(project)/sessions" }
}
