import JSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files that the user names, read whole.
enum InputFile {
    /// More is no prompt, schema or tool.
    private static let limit = 64 << 20

    /// A file of text.
    /// - Throws: `InputError`.
    static func text(_ path: String) throws(InputError) -> String {
        try withDescriptor(path) { descriptor throws(InputError) in try text(of: descriptor, called: path) }
    }

    /// A file of JSON.
    /// - Throws: `InputError`, with line and column.
    static func json(_ path: String) throws(InputError) -> JSONValue {
        let text = try text(path)
        do { return try JSONValue(parsing: text) } catch {
            throw InputError(message: "\(path):\(error.line):\(error.column): not JSON: \(error.message)")
        }
    }

    /// The first bytes of a file.
    /// - Throws: `InputError`.
    static func start(of path: String, count: Int) throws(InputError) -> [UInt8] {
        try withDescriptor(path) { descriptor throws(InputError) in
            guard let bytes = chunk(of: descriptor, count) else { throw unreadable(path, errno) }
            return bytes
        }
    }

    /// All text behind a descriptor.
    static func text(of descriptor: Int32, called name: String) throws(InputError) -> String {
        var bytes: [UInt8] = []
        while true {
            guard let chunk = chunk(of: descriptor, 65536) else { throw unreadable(name, errno) }
            if chunk.isEmpty { break }
            bytes += chunk
            guard bytes.count <= limit else { throw InputError(message: "\(name) is larger than \(limit >> 20) MiB") }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw InputError(message: "\(name) is not UTF-8 text") }
        return text
    }

    private static func withDescriptor<Result>(
        _ path: String, _ body: (Int32) throws(InputError) -> Result
    ) throws(InputError) -> Result {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        return try body(descriptor)
    }

    private static func unreadable(_ name: String, _ code: Int32) -> InputError {
        let isMissing = code == ENOENT || code == ENOTDIR
        let reason = isMissing ? "there is no such file" : "cannot be read: \(String(cString: strerror(code)))"
        return InputError(message: "\(name): \(reason)", isMissingFile: isMissing)
    }

    /// What can be read at once; empty at the end, `nil` for an error.
    private static func chunk(of descriptor: Int32, _ size: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: size)
        while true {
            #if canImport(Darwin)
                let count = Darwin.read(descriptor, &buffer, size)
            #else
                let count = Glibc.read(descriptor, &buffer, size)
            #endif
            if count >= 0 { return Array(buffer[..<count]) }
            if errno != EINTR { return nil }
        }
    }
}

/// What the user gave cannot be used.
struct InputError: Error, CustomStringConvertible {
    var message: String
    /// There is no file of the name that was given.
    var isMissingFile = false
    var description: String { message }
}
