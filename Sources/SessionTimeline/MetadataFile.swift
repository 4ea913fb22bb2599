import JSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The `metadata.json` that lies beside a session's log.
enum MetadataFile {
    /// More than this is no description of a session.
    private static let maximumSize = 1 << 20

    /// What it says; nothing where there is none, or none that can be read: it only adds to what the log tells.
    static func read(besideLog path: String) -> JSONObject {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let descriptor = open(folder + "metadata.json", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return [:] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while bytes.count <= maximumSize {
            let count = Self.read(descriptor, &buffer)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        guard bytes.count <= maximumSize, let value = try? JSONValue(parsing: bytes) else { return [:] }
        return value.object ?? [:]
    }

    private static func read(_ descriptor: Int32, _ buffer: inout [UInt8]) -> Int {
        var count = 0
        repeat {
            #if canImport(Darwin)
                count = Darwin.read(descriptor, &buffer, buffer.count)
            #else
                count = Glibc.read(descriptor, &buffer, buffer.count)
            #endif
        } while count < 0 && errno == EINTR
        return count
    }
}
