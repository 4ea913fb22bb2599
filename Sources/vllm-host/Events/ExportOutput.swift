#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where something long is written, piece by piece: a file that only its user can read, or standard output.
struct ExportOutput: ~Copyable {
    private static let pieceLength = 1 << 16

    private let path: String?
    private let descriptor: Int32
    private let terminal: Terminal
    private var buffer = ""

    /// - Parameter path: the file, which is made or emptied; standard output where it is `nil` or `-`.
    /// - Throws: `InputError`.
    init(_ path: String?, _ terminal: Terminal) throws(InputError) {
        self.terminal = terminal
        self.path = path == "-" ? nil : path
        guard let path = self.path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { if path != nil { close(descriptor) } }

    mutating func write(_ text: String) throws(InputError) {
        buffer += text
        if buffer.utf8.count >= Self.pieceLength { try flush() }
    }

    /// Writes what is left.
    mutating func finish() throws(InputError) { try flush() }

    private mutating func flush() throws(InputError) {
        defer { buffer = "" }
        guard let path else { return terminal.print(buffer) }
        let isWritten = buffer.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest)
                #if canImport(Darwin)
                    let count = Darwin.write(descriptor, piece.baseAddress, piece.count)
                #else
                    let count = Glibc.write(descriptor, piece.baseAddress, piece.count)
                #endif
                if count > 0 { rest = rest.dropFirst(count) } else if count == 0 || errno != EINTR { return false }
            }
            return true
        }
        if !isWritten { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> InputError {
        InputError(message: "cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
