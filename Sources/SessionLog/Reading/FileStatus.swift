import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What tells one file from another, and how large it is.
struct FileStatus: Equatable {
    var device: UInt64
    var inode: UInt64
    var size: Int
    /// When it was last written.
    var modified: LogTimestamp
    var isFolder: Bool
    var isRegular: Bool

    /// That of an open file.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// That of the file at a path; `nil` where there is none that can be looked at.
    init?(path: String) {
        var status = stat()
        guard path.withCString({ stat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        inode = UInt64(truncatingIfNeeded: status.st_ino)
        size = Int(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modified = LogTimestamp(seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec))
        isFolder = status.st_mode & S_IFMT == S_IFDIR
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether both are the same file.
    func isSameFile(as other: FileStatus?) -> Bool { other.map { device == $0.device && inode == $0.inode } ?? false }
}
