import ProviderKit

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A file with media, read whole.
struct MediaFile {
    /// The most bytes that are read: base64 makes a third more of them, and servers take few requests of that size.
    static let limit = 64 << 20

    let bytes: [UInt8]
    let mediaType: String

    /// Reads a file of at most `limit` bytes.
    /// - Throws: `ProviderError` with the code `invalidRequest` that names the path.
    init(_ path: String, of kind: MediaKind, limit: Int = Self.limit) throws(ProviderError) {
        bytes = try Self.read(path, limit: limit)
        guard !bytes.isEmpty else { throw ProviderError(.invalidRequest, "the file \(path) is empty") }
        guard let mediaType = kind.mediaType(ofBytes: bytes) else {
            throw ProviderError(
                .invalidRequest, "the file \(path) does not begin as a file of the type \(kind.rawValue) does",
                hint: "the known formats are \(kind.formats)")
        }
        self.mediaType = mediaType
    }

    private static func read(_ path: String, limit: Int) throws(ProviderError) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw ProviderError(.invalidRequest, "a file's path contains a NUL character") }
        // Without O_NONBLOCK, a pipe that nobody writes to would be waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ProviderError(.invalidRequest, status.st_mode & S_IFMT == S_IFDIR ? "\(path) is a folder" : "\(path) is no regular file")
        }
        guard status.st_size <= limit else {
            throw ProviderError(
                .invalidRequest, "the file \(path) has \(status.st_size) bytes, more than the \(limit) that are read",
                hint: "put it where the server can fetch it, and give its http URL")
        }
        var code: Int32 = 0
        // What is written to the file from now on is not waited for.
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            while count < buffer.count {
                let read = unistdRead(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                if read < 0, errno == EINTR { continue }
                if read < 0 { code = errno }
                guard read > 0 else { break }
                count += read
            }
        }
        guard code == 0 else { throw failure(path, code) }
        return bytes
    }

    private static func failure(_ path: String, _ code: Int32) -> ProviderError {
        let isMissing = code == ENOENT || code == ENOTDIR
        return ProviderError(
            .invalidRequest,
            isMissing ? "there is no file \(path)" : "the file \(path) cannot be read: \(String(cString: strerror(code)))",
            hint: isMissing ? "check the path" : nil)
    }
}

// `read` inside the type above is the type's own.
private func unistdRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
