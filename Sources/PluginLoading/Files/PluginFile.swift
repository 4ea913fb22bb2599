#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// An open file of a plugin's folder, which nobody but its user and root can have changed.
final class PluginFile: Sendable {
    /// Its name in the folder.
    let name: String
    /// The path for messages.
    let path: String
    /// What it was when it was opened.
    let identity: FileIdentity
    private let descriptor: Int32

    /// Opens a file of a folder. It is no link, no pipe and no device.
    /// - Throws: `PluginError`, `notFound` or `untrusted`.
    init(_ name: String, in folder: PluginFolder) throws(PluginError) {
        self.name = name
        path = "\(folder.path)/\(name)"
        // Without O_NONBLOCK, a pipe that nobody writes to would be waited for.
        let descriptor = openat(folder.descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ELOOP
                ? PluginError(.untrusted, path: path, "is a link", hint: "put the file itself into the folder")
                : PluginError(errno == ENOENT ? .notFound : .untrusted, path: path, failing: "opened", errno)
        }
        self.descriptor = descriptor
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            // All is set, and so `deinit` closes the file.
            identity = FileIdentity(status)
            throw PluginError(.untrusted, path: path, failing: "looked at", code)
        }
        identity = FileIdentity(status)
        guard status.st_mode & S_IFMT == S_IFREG else { throw PluginError(.untrusted, path: path, "is no regular file") }
        try PluginFolder.checkOwner(of: status, path)
    }

    deinit { close(descriptor) }

    /// Reads the file from its beginning and hands each piece over.
    /// - Parameter limit: as many bytes are read at most.
    /// - Throws: `PluginError`, where the system does not read it.
    func forEachPiece(atMost limit: Int = .max, _ body: (UnsafeRawBufferPointer) -> Void) throws(PluginError) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var offset = 0
        while offset < limit {
            let count = buffer.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, min($0.count, limit - offset), off_t(offset))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw PluginError(.untrusted, path: path, failing: "read", errno) }
            if count == 0 { return }
            buffer.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            offset += count
        }
    }
}

extension PluginError {
    /// Something that the system does not do.
    init(_ code: Code, path: String, failing verb: String, _ errno: Int32) {
        let isMissing = errno == ENOENT || errno == ENOTDIR
        self.init(code, path: path, isMissing ? "is not there" : "cannot be \(verb): \(String(cString: strerror(errno)))")
    }
}
