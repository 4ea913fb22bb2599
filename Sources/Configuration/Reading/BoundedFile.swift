#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads a file of which it is not known how large it is.
enum BoundedFile {
    /// The bytes of a file (or pipe) of at most `limit` bytes. A larger file is refused before it is read.
    static func read(_ path: String, limit: Int) throws(ConfigurationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > limit { throw tooLarge(path, limit: limit) }
        return try contents(of: descriptor, path, limit: limit)
    }

    private static func contents(of descriptor: Int32, _ path: String, limit: Int) throws(ConfigurationError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { unistdRead(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk.prefix(count))
            if bytes.count > limit { throw tooLarge(path, limit: limit) }
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> ConfigurationError {
        let isMissing = code == ENOENT || code == ENOTDIR
        return ConfigurationError([
            ConfigurationIssue(
                .error, isMissing ? .fileNotFound : .unreadable,
                isMissing ? "there is no such file" : "cannot be read: \(String(cString: strerror(code)))", origin: .program(path),
                hint: isMissing ? "check the path" : nil)
        ])
    }

    private static func tooLarge(_ path: String, limit: Int) -> ConfigurationError {
        ConfigurationError([
            ConfigurationIssue(
                .error, .tooLarge, "the file is larger than \(limit) bytes", origin: .program(path),
                hint: "is it a configuration file?")
        ])
    }
}

// `read` inside the type above is the type's own.
private func unistdRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
