#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads a log from near its end, and then what is added to it. It does not wait: that is its caller's.
///
/// When the log is put aside and begun anew, the old file is read to its end, then what was put aside meanwhile, then the new file. A log that
/// was cut is read from its beginning. Lines are counted from where reading began.
public struct SessionLogFollower: ~Copyable {
    /// What has happened to the log.
    public enum Event: Sendable {
        /// There is one more line.
        case line(SessionLogLine)
        /// The log was put aside, and a new one begun.
        case rotated
        /// The log has become shorter, and is read from its beginning.
        case truncated
    }

    /// The log.
    public let path: String
    private let maximumLineLength: Int
    private var filter: LineFilter
    private var noUnpacker: ContentUnpacker?
    private var splitter: LineSplitter
    /// What is read now: the log, or a part of it that was put aside while nobody looked.
    private var file: SegmentFile?
    /// What is to be read before the log itself.
    private var missed: [LogSegment] = []
    /// The last part that was put aside before the present file was begun.
    private var lastSegment: Int
    private var pending: [Event]
    private var hasEnded = false

    /// Opens the log at `path`, a file or a session's folder.
    /// - Parameters:
    ///   - last: how many of the records that are there already are given out, the last ones.
    ///   - query: which records are wanted.
    /// - Throws: `SessionLogError` when it cannot be opened or read.
    public init(
        path: String, last count: Int, query: RecordQuery = RecordQuery(), maximumLineLength: Int = 64 << 20
    ) throws(SessionLogError) {
        let path = LogFiles.log(at: path)
        let (live, segments) = try LogFiles.open(path)
        var ending = LogEnding(count: count, query: query, maximumLineLength: maximumLineLength)
        if let live { try ending.find(in: live) }
        pending = try ending.records(before: segments).map { .line(.record($0)) }
        live?.seek(to: ending.start)
        file = live
        lastSegment = segments.last?.number ?? 0
        self.path = path
        self.maximumLineLength = maximumLineLength
        filter = LineFilter(query)
        splitter = LineSplitter(limit: maximumLineLength)
    }

    /// The next thing that has happened; `nil` where nothing has since.
    /// - Throws: `SessionLogError` when the log cannot be read.
    public mutating func next() throws(SessionLogError) -> Event? {
        if !pending.isEmpty { return pending.removeFirst() }
        while true {
            while let line = splitter.next() {
                if let read = interpret(line) { return .line(read) }
            }
            if try fill() {
                hasEnded = false
                continue
            }
            if let event = try atEnd() { return event }
            if !hasEnded { return nil }
        }
    }

    /// What stands behind the last line feed, for a caller who does not wait for the rest of it; `nil` where that is nothing that is wanted.
    public mutating func finish() -> SessionLogLine? { splitter.finish().flatMap { interpret($0) } }

    /// What is to be done at the end of a file: `hasEnded` says whether there is something to be read behind it.
    private mutating func atEnd() throws(SessionLogError) -> Event? {
        let present = FileStatus(path: path)
        guard let file else {
            // The log did not exist when reading began.
            hasEnded = present != nil
            if hasEnded { try goOn() }
            return nil
        }
        if file.path == path, file.status?.isSameFile(as: present) ?? false {
            hasEnded = false
            guard let size = present?.size, size < file.position else { return nil }
            splitter = LineSplitter(limit: maximumLineLength)
            file.seek(to: 0)
            hasEnded = true
            return .truncated
        }
        // Nothing is in its place yet: it is being put aside, or was removed.
        guard present != nil || file.path != path else { return nil }
        // Something may have been written between the last look and its being put aside.
        guard hasEnded else {
            hasEnded = true
            return nil
        }
        let rest = splitter.finish().flatMap { interpret($0) }
        let wasLog = file.path == path
        if wasLog { findMissed(behind: file) }
        try goOn()
        if let rest { pending.append(.line(rest)) }
        if wasLog { pending.append(.rotated) }
        return pending.isEmpty ? nil : pending.removeFirst()
    }

    /// Opens what comes next.
    private mutating func goOn() throws(SessionLogError) {
        hasEnded = true
        while !missed.isEmpty {
            let segment = missed.removeFirst()
            if let opened = try? LogFiles.open(segment) {
                file = opened
                return
            }
            pending.append(.line(.skipped(line: splitter.number, reason: "\(segment.path) is gone")))
        }
        let (live, segments) = try LogFiles.open(path)
        lastSegment = segments.last?.number ?? lastSegment
        file = live
    }

    /// Finds out which parts were put aside behind the one that was read to its end.
    private mutating func findMissed(behind file: SegmentFile) {
        let segments = LogSegment.all(of: path).filter { $0.number > lastSegment }
        let own = segments.firstIndex { file.status?.isSameFile(as: FileStatus(path: $0.path)) ?? false }
        // Compressed, it is another file: then it is the first of them.
        missed = Array(segments.dropFirst((own ?? 0) + 1))
        lastSegment = segments.last?.number ?? lastSegment
    }

    private mutating func fill() throws(SessionLogError) -> Bool {
        guard let file else { return false }
        do throws(SegmentFile.Failure) {
            return try splitter.fill { buffer throws(SegmentFile.Failure) in try file.read(into: buffer) }
        } catch {
            switch error {
            case .unreadable(let error): throw error
            case .damaged(let reason):
                pending.append(.line(.skipped(line: splitter.number, reason: reason)))
                return false
            }
        }
    }

    private mutating func interpret(_ line: LineSplitter.Line) -> SessionLogLine? {
        guard let range = line.range else { return .skipped(line: line.number, reason: "longer than \(maximumLineLength) bytes") }
        let bytes = splitter.bytes(range)
        guard filter.hasText(bytes) else { return nil }
        return LineInterpreter.interpret(line, bytes, isFirst: line.number == 1, &filter, &noUnpacker)
    }
}
