#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// What several processes need that write one file.
extension PrivateFile {
    /// What the system says of it.
    var status: FileStatus? { FileStatus(descriptor: descriptor) }

    /// Which file it is, and how large.
    var identity: FileIdentity? { FileIdentity(descriptor: descriptor) }

    /// Keeps other holders of a lock out, or is let in with them where it is `shared`. A file system without locks is left to its own
    /// devices.
    /// - Parameter waits: whether to wait for them.
    /// - Returns: whether the lock is to be had.
    @discardableResult
    func lock(shared: Bool = false, waits: Bool = true) -> Bool {
        while flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | (waits ? 0 : LOCK_NB)) != 0 {
            if errno != EINTR { return errno != EWOULDBLOCK }
        }
        return true
    }

    /// Lets the others in.
    func unlock() {
        flock(descriptor, LOCK_UN)
    }

    /// Cuts off what is behind `size` bytes. Returns whether it could; only regular files can be cut.
    func cut(to size: Int) -> Bool { size >= 0 && ftruncate(descriptor, off_t(size)) == 0 }

    /// Waits until what was written is on the disk.
    /// - Returns: the error's number where it does not get there.
    func synchronise() -> Int32? {
        #if canImport(Darwin)
            // fsync leaves it in the disk's own memory there.
            fcntl(descriptor, F_FULLFSYNC) == 0 || fsync(descriptor) == 0 ? nil : errno
        #else
            fdatasync(descriptor) == 0 ? nil : errno
        #endif
    }

    /// Waits until the name of a file is on the disk, as far as the file system does that.
    package static func synchroniseFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The bytes at its beginning, at most so many.
    func beginning(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = max(0, pread(descriptor, buffer.baseAddress, count, 0))
        }
    }
}
