import CFiles

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Which file it is, and how large: what a writer asks before each of its turns.
///
/// Unlike `FileStatus` it says nothing of times. Linux notes, from 6.13 on, that somebody has seen those of a file, and the next write then
/// has to give the file a new one and to put it down, which costs as much as the write.
struct FileIdentity {
    private let device: UInt64
    private let inode: UInt64
    let size: Int

    /// That of an open file.
    init?(descriptor: Int32) { self.init(descriptor, "") { FileStatus(descriptor: descriptor) } }

    /// That of the file at a path; `nil` where there is none that can be looked at.
    init?(path: String) { self.init(AT_FDCWD, path) { FileStatus(path: path) } }

    /// - Parameter status: asks where the system, or a filter of its calls, does not let it be asked for less.
    private init?(_ descriptor: Int32, _ path: String, otherwise status: () -> FileStatus?) {
        #if os(Linux)
            var identity = cfiles_identity()
            if path.withCString({ cfiles_identify(descriptor, $0, &identity) }) == 0 {
                (device, inode, size) = (identity.device, identity.inode, Int(clamping: identity.size))
                return
            }
            guard errno == ENOSYS || errno == EPERM else { return nil }
        #endif
        guard let status = status() else { return nil }
        (device, inode, size) = (status.device, status.inode, status.size)
    }

    /// Whether both are the same file.
    func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }
}
