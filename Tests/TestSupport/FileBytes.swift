#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file could not be read or a folder not be made: what was tried, and the system's reason.
public struct FileError: Error, CustomStringConvertible {
    /// The whole sentence.
    public let description: String

    /// The error that `errno` tells of.
    init(_ action: String, _ path: String) {
        description = "cannot \(action) \(path): \(String(cString: strerror(errno)))"
    }
}

/// The whole content of a file.
public func fileBytes(_ path: String) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open", path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw FileError("read", path) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}

/// The whole content of a file of UTF-8.
public func fileText(_ path: String) throws(FileError) -> String {
    String(decoding: try fileBytes(path), as: UTF8.self)
}

/// Makes a file with this content, over what was there.
public func writeFile(_ path: String, _ content: some Sequence<UInt8>) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("open", path) }
    defer { close(descriptor) }
    var rest = Array(content)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw FileError("write", path) }
        rest = rest.dropFirst(count)
    }
}
