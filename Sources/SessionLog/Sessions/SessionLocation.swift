public import Timestamps

/// Where a session lies, and what the file system alone says of it.
public struct SessionLocation: Sendable, Hashable {
    /// The session's id, which is the name of its folder.
    public let id: String
    /// The project that it belongs to: the name of the folder above `sessions`.
    public let project: String
    /// The session's folder.
    public let folder: String
    /// The bytes of its log, with what was put aside, as they lie on the disk.
    public let bytes: Int
    /// When its log was last written.
    public let modified: LogTimestamp

    /// The event log that is being written.
    public var logPath: String { folder + "/events.jsonl" }

    /// The session in a folder; `nil` where no event log is in it.
    /// - Parameter includesRest: what is left of a session without its log counts, too.
    init?(project: String, id: String, folder: String, includesRest: Bool = false) {
        var bytes = 0
        var modified: LogTimestamp?
        let names = LogSegment.entries(of: folder)
        let isRest = includesRest && SessionRemoval.isRest(names)
        for name in names where isRest || name.hasPrefix("events.") && (name.hasSuffix(".jsonl") || name.hasSuffix(".zst")) {
            guard let status = FileStatus(path: "\(folder)/\(name)"), status.isRegular else { continue }
            bytes = bytes.addingReportingOverflow(status.size).partialValue
            modified = max(modified ?? status.modified, status.modified)
        }
        guard let modified else { return nil }
        self.id = id
        self.project = project
        self.folder = folder
        self.bytes = bytes
        self.modified = modified
    }
}
