import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads and writes small files whole, for their user's eyes alone (mode 0600).
enum PrivateFiles {
    /// Why a file cannot be read or written.
    struct Failure: Error, Equatable {
        let message: String
        let isMissing: Bool

        init(_ action: String, _ path: String, _ code: Int32) {
            message = "cannot \(action) \(path): \(String(cString: strerror(code)))"
            isMissing = code == ENOENT
        }
    }

    /// Larger files are not read.
    static let sizeLimit = 1 << 30

    /// All of a file.
    static func read(_ path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Failure("read", path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while true {
            let (count, code) = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
                var count = 0
                repeat { count = readBytes(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
                if count > 0 { bytes += buffer[..<count] }
                return (count, errno)
            }
            guard count >= 0 else { throw Failure("read", path, code) }
            guard count > 0 else { return bytes }
            guard bytes.count <= sizeLimit else { throw Failure("read", path, EFBIG) }
        }
    }

    /// Puts a file in the place of the one that there is, in one step: a reader sees the one or the other, also where this process is killed.
    /// - Parameter isSynchronised: also where the machine loses power, which takes the time until the disk has it.
    static func replace(_ path: String, with bytes: [UInt8], isSynchronised: Bool) throws(Failure) {
        let temporary = path + ".tmp"
        do throws(Failure) {
            try write(bytes, to: temporary, O_TRUNC, isSynchronised: isSynchronised)
            guard rename(temporary, path) == 0 else { throw Failure("write", path, errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        if isSynchronised { PrivateFile.synchroniseFolder(of: path) }
    }

    /// Adds to the end of a file that is there.
    /// - Parameter isSynchronised: whether to wait until the disk has it.
    static func append(_ bytes: [UInt8], to path: String, isSynchronised: Bool) throws(Failure) {
        try write(bytes, to: path, O_APPEND, isSynchronised: isSynchronised)
    }

    private static func write(_ bytes: [UInt8], to path: String, _ flag: Int32, isSynchronised: Bool) throws(Failure) {
        let creation = flag == O_APPEND ? 0 : O_CREAT
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | creation | flag, 0o600)
        guard descriptor >= 0 else { throw Failure("write", path, errno) }
        defer { close(descriptor) }
        // The mode above went through the umask, and an older file may be readable for others.
        fchmod(descriptor, 0o600)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { writeBytes(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                throw Failure("write", path, count == 0 ? EIO : errno)
            }
        }
        if isSynchronised, fsync(descriptor) != 0 { throw Failure("write", path, errno) }
    }
}

// Inside the type, its own names hide the system's.
private let readBytes: @Sendable (Int32, UnsafeMutableRawPointer?, Int) -> Int = { read($0, $1, $2) }
private let writeBytes: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }
