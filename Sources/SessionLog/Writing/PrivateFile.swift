#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An open file that only its user can read, for appending: an event log, a history of what was typed. It is closed when the last
/// reference goes, so that a write that is under way never hits a descriptor that somebody else has got meanwhile.
package final class PrivateFile: Sendable {
    /// How a write went.
    package enum Outcome: Equatable {
        case written
        /// Only the first `count` bytes are in the file.
        case failed(errno: Int32, count: Int)
    }

    let descriptor: Int32

    /// Opens the file for appending; makes it (mode 0600) and the folders above it (mode 0700) where they are missing, whatever the umask. A
    /// file that is there gets the mode 0600, too.
    package convenience init(path: String) throws(SessionLogError) {
        try self.init(path: path, makesFolders: true)
    }

    /// The same, or without making folders.
    init(path: String, makesFolders: Bool) throws(SessionLogError) {
        if makesFolders, let end = path.utf8.lastIndex(of: UInt8(ascii: "/")), end > path.startIndex {
            try Self.createFolder(String(path[..<end]))
        }
        // O_RDWR to look at the last byte; O_NONBLOCK so that a full pipe in its place loses lines instead of halting the session.
        descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o600)
        guard descriptor >= 0 else { throw SessionLogError(.open, path, errno: errno) }
        // The mode above went through the umask, and an older file may be readable for others. Devices are left alone.
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o777 != 0o600 {
            fchmod(descriptor, 0o600)
        }
    }

    deinit { close(descriptor) }

    /// Whether there is nothing in the file.
    package var isEmpty: Bool { lseek(descriptor, 0, SEEK_END) == 0 }

    /// Whether the file, which has so many bytes, ends inside a line, as it does when an earlier writer was killed in the middle of one.
    func endsInsideLine(size: Int) -> Bool {
        var last: UInt8 = 0
        return size > 0 && pread(descriptor, &last, 1, off_t(size - 1)) == 1 && last != UInt8(ascii: "\n")
    }

    /// Appends `bytes` with one `write`, and with more only where the system took a part.
    @discardableResult
    package func append(_ bytes: UnsafeRawBufferPointer) -> Outcome {
        var count = 0
        while count < bytes.count {
            let written = write(descriptor, bytes.baseAddress?.advanced(by: count), bytes.count - count)
            if written > 0 {
                count += written
            } else if written == 0 || errno != EINTR {
                return .failed(errno: written == 0 ? EIO : errno, count: count)
            }
        }
        return .written
    }

    private static func createFolder(_ path: String) throws(SessionLogError) {
        if mkdir(path, 0o700) == 0 {
            // Once more, past the umask: without its own bits nobody could put anything into the folder.
            chmod(path, 0o700)
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT:
            guard let end = path.utf8.lastIndex(of: UInt8(ascii: "/")), end > path.startIndex else {
                throw SessionLogError(.createFolder, path, errno: ENOENT)
            }
            try createFolder(String(path[..<end]))
            // Somebody else may have been faster; a folder that is gone again is reported.
            guard mkdir(path, 0o700) == 0 else {
                if errno == EEXIST { return }
                throw SessionLogError(.createFolder, path, errno: errno)
            }
            chmod(path, 0o700)
        case let code: throw SessionLogError(.createFolder, path, errno: code)
        }
    }
}
