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
    private var filter: LineFilter
    /// Puts records together, where that is wanted.
    private var unpacker: ContentUnpacker?
    /// Whether the next line is the first one of its file.
    private var isAtFileStart = true

    /// Opens the log at `path`: a file (`.jsonl`, or compressed: `.jsonl.zst`), or a session's folder with `events.jsonl` in it.
    /// - Parameters:
    ///   - maximumLineLength: lines of more bytes than this are skipped.
    ///   - includesRotated: whether what was put aside is read, too, before the file itself.
    ///   - unpacksContents: whether records are given out whole, with what the log holds once put back in its places (`log:content`); the records
    ///     that hold it are not given out then.
    ///   - query: which records are wanted. The others cost little: most of them are passed over without being read as JSON. A text is looked for
    ///     in lines as they stand in the file; in records that were put together, in those.
    /// - Throws: `SessionLogError` when the file cannot be opened.
    public init(
        path: String, maximumLineLength: Int = 64 << 20, includesRotated: Bool = true, unpacksContents: Bool = false,
        query: RecordQuery = RecordQuery()
    ) throws(SessionLogError) {
        self.path = LogFiles.log(at: path)
        self.maximumLineLength = maximumLineLength
        filter = LineFilter(query)
        unpacker = unpacksContents ? ContentUnpacker() : nil
        // What holds contents must be read though it has not the text in it.
        splitter = LineSplitter(limit: maximumLineLength, finder: unpacksContents ? nil : filter.finder)
        files = try LogFiles(path: self.path, includesRotated: includesRotated)
    }

    /// How far reading has come: bytes read of the bytes that there were in the files at the beginning, compressed ones as they lie there.
    public var progress: (bytesRead: Int, totalBytes: Int) { (files.bytesRead, files.totalBytes) }

    /// How many lines have been read, those passed over among them.
    public var lineCount: Int { splitter.number - 1 }

    /// The next record, or the next line that is none; `nil` at the end of the log. Empty lines are passed over.
    /// - Parameter afterBlock: is called with the number of bytes read whenever more were read, also where nothing in them is wanted.
    /// - Throws: `SessionLogError` when a file cannot be read.
    public mutating func next(afterBlock: (_ bytesRead: Int) -> Void = { _ in }) throws(SessionLogError) -> SessionLogLine? {
        while true {
            while let line = splitter.nextWanted() {
                if let read = interpret(line) { return read }
            }
            do throws(SegmentFile.Failure) {
                if let file {
                    if try splitter.fill({ buffer throws(SegmentFile.Failure) in try file.read(into: buffer) }) {
                        afterBlock(files.bytesRead)
                        continue
                    }
                    self.file = nil
                    if let rest = splitter.finish(), let read = interpret(rest) { return read }
                }
                guard try open() else { return nil }
            } catch {
                switch error {
                case .unreadable(let error):
                    // What was put aside does not hide the others, neither where it cannot be opened nor where it breaks off.
                    guard file?.path != path else { throw error }
                    file = nil
                    return .skipped(line: splitter.finish()?.number ?? splitter.number, reason: "\(error)")
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
        unpacker?.beginFile()
        return file != nil
    }

    private mutating func interpret(_ line: LineSplitter.Line) -> SessionLogLine? {
        guard let range = line.range else {
            return .skipped(line: line.number, reason: "longer than \(maximumLineLength) bytes")
        }
        let isFirst = isAtFileStart
        isAtFileStart = false
        return LineInterpreter.interpret(line, splitter.bytes(range), isFirst: isFirst, &filter, &unpacker)
    }
}
