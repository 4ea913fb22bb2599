#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The files of a log in the order of their records: what was put aside, then the file that is being written.
struct LogFiles {
    /// The file that is being written.
    let path: String
    /// What was put aside and has not been opened yet.
    private(set) var segments: ArraySlice<LogSegment>
    /// The file that is being written, opened at once: should it be put aside meanwhile, it is read all the same.
    private var live: SegmentFile?
    /// Bytes in all files, as they were when this was made.
    let totalBytes: Int
    private var bytesReadBefore = 0
    private var current: SegmentFile?

    /// Finds the files of the log at `path`.
    /// - Throws: `SessionLogError` when there are none, or the one that is being written cannot be opened.
    init(path: String, includesRotated: Bool) throws(SessionLogError) {
        self.path = path
        let (live, segments) = try Self.open(path, includesRotated: includesRotated)
        guard live != nil || !segments.isEmpty else { throw SessionLogError(.read, path, errno: ENOENT) }
        self.live = live
        self.segments = segments[...]
        let sizes = segments.map { FileStatus(path: $0.path)?.size ?? 0 } + [live?.status?.size ?? 0]
        totalBytes = sizes.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    }

    /// Opens the file that is being written, and lists what was put aside before it.
    static func open(_ path: String, includesRotated: Bool = true) throws(SessionLogError) -> (live: SegmentFile?, segments: [LogSegment]) {
        var live: SegmentFile?
        var segments: [LogSegment] = []
        // Between opening one and listing the others the log may be rotated; a list is good when the file is in its place still.
        for _ in 0..<16 {
            live = try openIfThere(path, mayWait: isPipe(path))
            segments = includesRotated ? LogSegment.all(of: path) : []
            let inPlace = FileStatus(path: path)
            if live?.status.map({ $0.isSameFile(as: inPlace) }) ?? (inPlace == nil) { break }
        }
        // One that is listed and open already is not read twice.
        segments.removeAll { segment in live?.status?.isSameFile(as: FileStatus(path: segment.path)) ?? false }
        return (live, segments)
    }

    /// The log that `path` means: the file itself, or the one in the session's folder.
    static func log(at path: String) -> String {
        guard FileStatus(path: path)?.isFolder == true else { return path }
        return (path.hasSuffix("/") ? String(path.dropLast()) : path) + "/events.jsonl"
    }

    /// How many bytes of the files have been read.
    var bytesRead: Int { bytesReadBefore + (current?.bytesRead ?? 0) }

    /// The next file; `nil` behind the last.
    /// - Throws: `SessionLogError` when a segment is gone or cannot be opened; the next call goes on with the one behind it.
    mutating func next() throws(SessionLogError) -> SegmentFile? {
        bytesReadBefore += current?.bytesRead ?? 0
        current = nil
        if let segment = segments.popFirst() {
            current = try Self.open(segment)
        } else if let live {
            current = live
            self.live = nil
        }
        return current
    }

    /// Whether what was named as a log is a pipe, to be waited for. A log that has been put aside in parts is none.
    private static func isPipe(_ path: String) -> Bool {
        guard let status = FileStatus(path: path), !status.isRegular, !status.isFolder else { return false }
        return LogSegment.all(of: path).isEmpty
    }

    private static func openIfThere(_ path: String, mayWait: Bool = false) throws(SessionLogError) -> SegmentFile? {
        do {
            return try SegmentFile(path: path, mayWait: mayWait)
        } catch {
            guard error.code == ENOENT else { throw error }
            return nil
        }
    }

    /// A plain segment may have been compressed since it was seen.
    static func open(_ segment: LogSegment) throws(SessionLogError) -> SegmentFile {
        if let plain = segment.plainPath {
            let compressed = segment.compressedPath ?? plain + ".zst"
            if let file = try openIfThere(plain) { return file }
            return try SegmentFile(path: compressed)
        }
        return try SegmentFile(path: segment.path)
    }
}
