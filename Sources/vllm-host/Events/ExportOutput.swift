/// Where something long is written, piece by piece: a file that only its user can read, or standard output.
struct ExportOutput: ~Copyable {
    private static let pieceLength = 1 << 16

    private let terminal: Terminal
    private var file: OutputFile?
    private var buffer = ""

    /// - Parameter path: the file, which takes the place of what is there once all is written; standard output where it is `nil` or `-`.
    /// - Throws: `InputError`.
    init(_ path: String?, _ terminal: Terminal) throws(InputError) {
        self.terminal = terminal
        if let path, path != "-" { file = try OutputFile(path) } else { file = nil }
    }

    mutating func write(_ text: String) throws(InputError) {
        buffer += text
        if buffer.utf8.count >= Self.pieceLength { try flush() }
    }

    /// Writes what is left.
    mutating func finish() throws(InputError) {
        try flush()
        try file?.finish()
    }

    private mutating func flush() throws(InputError) {
        defer { buffer = "" }
        if file == nil { terminal.print(buffer) } else { try file?.write(buffer) }
    }
}
