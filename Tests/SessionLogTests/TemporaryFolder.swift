#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder of its own for a test, removed with all that is in it when the last reference goes.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/session-log-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    }

    deinit { Self.remove(path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    private static func remove(_ path: String) {
        if rmdir(path) == 0 || unlink(path) == 0 { return }
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }
}

/// The whole file as text.
func contents(of path: String) -> String {
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
    }
}

/// Appends text to a file, which is made where it is missing.
func append(_ text: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    _ = text.withCString { write(descriptor, $0, strlen($0)) }
    close(descriptor)
}

/// The permission bits of a file or folder.
func mode(of path: String) -> UInt32 {
    var status = stat()
    stat(path, &status)
    return UInt32(status.st_mode) & 0o7777
}
