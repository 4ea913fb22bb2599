import JSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads an event log line by line, in memory bounded by its longest line. It takes what it finds: records of other writers with
/// spaces and unknown members, a last line that was never finished, lines that are no records at all.
public struct SessionLogReader: ~Copyable {
    /// The file that is read.
    public let path: String
    private let descriptor: Int32
    private var splitter: LineSplitter
    private let maximumLineLength: Int

    /// Opens the log at `path`.
    /// - Parameter maximumLineLength: lines of more bytes than this are skipped.
    /// - Throws: `SessionLogError` when the file cannot be opened.
    public init(path: String, maximumLineLength: Int = 64 << 20) throws(SessionLogError) {
        self.path = path
        self.maximumLineLength = maximumLineLength
        splitter = LineSplitter(limit: maximumLineLength)
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SessionLogError(.read, path, errno: errno) }
    }

    deinit { close(descriptor) }

    /// The next record, or the next line that is none; `nil` at the end of the file. Empty lines are passed over.
    /// - Throws: `SessionLogError` when the file cannot be read.
    public mutating func next() throws(SessionLogError) -> SessionLogLine? {
        while true {
            while let line = splitter.next() {
                if let read = interpret(line) { return read }
            }
            guard try fill() else { return splitter.finish().flatMap { interpret($0) } }
        }
    }

    /// All records of the log at `path`, and the lines that are none.
    /// - Throws: `SessionLogError` when the file cannot be opened or read.
    public static func contents(
        of path: String
    ) throws(SessionLogError) -> (records: [SessionRecord], skipped: [(line: Int, reason: String)]) {
        var reader = try SessionLogReader(path: path)
        var records: [SessionRecord] = []
        var skipped: [(line: Int, reason: String)] = []
        while let line = try reader.next() {
            switch line {
            case .record(let record): records.append(record)
            case .skipped(let line, let reason): skipped.append((line, reason))
            }
        }
        return (records, skipped)
    }

    /// Reads on. Returns whether there was anything.
    private mutating func fill() throws(SessionLogError) -> Bool {
        let capacity = 64 << 10
        let result = withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 1) { buffer in
            var count = 0
            repeat { count = read(descriptor, buffer.baseAddress, capacity) } while count < 0 && errno == EINTR
            if count > 0 { splitter.append(buffer[..<count]) }
            return (count, errno)
        }
        guard result.0 >= 0 else { throw SessionLogError(.read, path, errno: result.1) }
        return result.0 > 0
    }

    private func interpret(_ line: LineSplitter.Line) -> SessionLogLine? {
        func skipped(_ reason: String) -> SessionLogLine { .skipped(line: line.number, reason: reason) }
        guard var bytes = line.bytes else { return skipped("longer than \(maximumLineLength) bytes") }
        if line.number == 1, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }) { return nil }
        do {
            let value = try JSONValue(parsing: bytes)
            guard case .object(let members) = value else { return skipped("not an object but \(value.kind)") }
            let record = SessionRecord(line: line.number, offset: line.offset, members: members)
            return record.map { .record($0) } ?? skipped("an object without an event")
        } catch {
            return skipped(line.isComplete ? "not JSON: \(error.message) at column \(error.column)" : "cut off: the last line has no end")
        }
    }
}
