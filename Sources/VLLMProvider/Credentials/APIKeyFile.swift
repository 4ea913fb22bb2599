#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file with an API key in it and nothing else.
struct APIKeyFile {
    /// No key is as long.
    static let limit = 64 << 10

    /// What is in the file.
    let text: String
    /// Who else may read or write it than its owner; `nil` where nobody may.
    let warning: String?

    /// Reads a file. It does not wait: a pipe is no such file.
    /// - Throws: `APIKeyError`, which names the path.
    init(_ path: String) throws(APIKeyError) {
        guard !path.utf8.contains(0) else { throw APIKeyError("the path contains a NUL character") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw APIKeyError("\(path) is no regular file: for what a program prints there is api_key_command")
        }
        var bytes = [UInt8](repeating: 0, count: Self.limit + 1)
        var count = 0
        while count < bytes.count {
            let added = unistdRead(descriptor, &bytes[count...], bytes.count - count)
            if added < 0, errno == EINTR { continue }
            guard added >= 0 else { throw Self.failure(path, errno) }
            if added == 0 { break }
            count += added
        }
        guard count <= Self.limit else { throw APIKeyError("\(path) is larger than \(Self.limit) bytes: is it the file of a key?") }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else { throw APIKeyError("\(path) is not a text") }
        self.text = text
        let mode = status.st_mode & 0o777
        warning =
            mode & 0o077 == 0
            ? nil : "others than the owner may read or change \(path), in which the API key is (mode \(String(mode, radix: 8))): chmod 600"
    }

    private static func failure(_ path: String, _ code: Int32) -> APIKeyError {
        let isMissing = code == ENOENT || code == ENOTDIR
        return APIKeyError(isMissing ? "there is no file \(path)" : "\(path) cannot be read: \(String(cString: strerror(code)))")
    }
}

// `read` inside the type above would be the type's own.
private func unistdRead(_ descriptor: Int32, _ buffer: inout ArraySlice<UInt8>, _ count: Int) -> Int {
    buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, count) }
}
