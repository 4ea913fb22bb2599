import JSON

/// Reads an event log line by line, in memory bounded by its longest line. It takes what it finds: records of other writers with
/// spaces and unknown members, a last line that was never finished, lines that are no records at all.
///
/// A log may be several files: what was put aside when it grew (`events.000001.jsonl.zst`, …) and `events.jsonl`. They are read as one; lines
/// and places are counted through all of them.
public struct SessionLogReader: ~Copyable {
    /// The file that is read, without what was put aside.
    public let path: String
    private var files: LogFiles
    private var file: SegmentFile?
    private var splitter: LineSplitter
    private let maximumLineLength: Int
    private let unpacksContents: Bool
    /// Whether the next line is the first one of its file.
    private var isAtFileStart = true

    /// Opens the log at `path`: a file (`.jsonl`, or compressed: `.jsonl.zst`), or a session's folder with `events.jsonl` in it.
    /// - Parameters:
    ///   - maximumLineLength: lines of more bytes than this are skipped.
    ///   - includesRotated: whether what was put aside is read, too, before the file itself.
    ///   - unpacksContents: whether records are given out whole, with what the log holds once put back in its places (`log:content`); the records
    ///     that hold it are not given out then.
    /// - Throws: `SessionLogError` when the file cannot be opened.
    public init(
        path: String, maximumLineLength: Int = 64 << 20, includesRotated: Bool = true, unpacksContents: Bool = false
    ) throws(SessionLogError) {
        self.path = LogFiles.log(at: path)
        self.maximumLineLength = maximumLineLength
        self.unpacksContents = unpacksContents
        splitter = LineSplitter(limit: maximumLineLength)
        files = try LogFiles(path: self.path, includesRotated: includesRotated)
    }

    /// How far reading has come: bytes read of the bytes that there were in the files at the beginning, compressed ones as they lie there.
    public var progress: (bytesRead: Int, totalBytes: Int) { (files.bytesRead, files.totalBytes) }

    /// The next record, or the next line that is none; `nil` at the end of the log. Empty lines are passed over.
    /// - Throws: `SessionLogError` when a file cannot be read.
    public mutating func next() throws(SessionLogError) -> SessionLogLine? {
        while true {
            while let line = splitter.next() {
                if let read = interpret(line) { return read }
            }
            do throws(SegmentFile.Failure) {
                if let file {
                    if try splitter.fill({ buffer throws(SegmentFile.Failure) in try file.read(into: buffer) }) { continue }
                    self.file = nil
                    if let rest = splitter.finish(), let read = interpret(rest) { return read }
                }
                guard try open() else { return nil }
            } catch {
                switch error {
                case .unreadable(let error): throw error
                case .damaged(let reason):
                    file = nil
                    return .skipped(line: splitter.finish()?.number ?? splitter.number, reason: reason)
                }
            }
        }
    }

    /// All records of the log at `path`, and the lines that are none.
    /// - Throws: `SessionLogError` when the file cannot be opened or read.
    public static func contents(
        of path: String, unpacksContents: Bool = false
    ) throws(SessionLogError) -> (records: [SessionRecord], skipped: [(line: Int, reason: String)]) {
        var reader = try SessionLogReader(path: path, unpacksContents: unpacksContents)
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

    /// Goes on with the next file. Returns whether there is one.
    private mutating func open() throws(SegmentFile.Failure) -> Bool {
        do throws(SessionLogError) {
            file = try files.next()
        } catch {
            // One that was put aside and is gone, or that is nobody's to read, does not hide the others.
            throw .damaged("\(error)")
        }
        isAtFileStart = true
        return file != nil
    }

    private mutating func interpret(_ line: LineSplitter.Line) -> SessionLogLine? {
        func skipped(_ reason: String) -> SessionLogLine { .skipped(line: line.number, reason: reason) }
        guard let range = line.range else { return skipped("longer than \(maximumLineLength) bytes") }
        let isFirst = isAtFileStart
        isAtFileStart = false
        return splitter.withBytes(range) { bytes in
            var bytes = bytes
            if isFirst, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = UnsafeBufferPointer(rebasing: bytes.dropFirst(3)) }
            if bytes.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }) { return nil }
            do throws(JSONError) {
                let value = try JSONValue(parsing: bytes)
                guard case .object(let members) = value else { return skipped("not an object but \(value.kind)") }
                let record = SessionRecord(line: line.number, offset: line.offset, members: members)
                return record.map { .record($0) } ?? skipped("an object without an event")
            } catch {
                return skipped(
                    line.isComplete ? "not JSON: \(error.message) at column \(error.column)" : "cut off: the last line has no end")
            }
        }
    }
}
