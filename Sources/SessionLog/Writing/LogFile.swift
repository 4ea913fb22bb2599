import JSON
import Redaction
import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The file of a log as its writer has it: turns events into lines and appends them, many with one `write`.
///
/// Other processes may write the same log, and put the file aside. Each group of lines is written behind a lock on the file, and only where
/// the file still is in its place.
struct LogFile: Sendable {
    /// How writing a group went.
    struct Outcome {
        /// How many of the events are in the file.
        var written: Int
        /// Why the others are not, or why it is not known whether they are on the disk.
        var failure: SessionLogError?
        /// Whether the file was put aside before.
        var hasRotated = false
    }

    let path: String
    private var file: PrivateFile
    /// Held as long as the log is open: whoever wants to remove the session asks for it.
    private let openMark: PrivateFile?
    private let isRegular: Bool
    private let encoder: RecordEncoder
    private let redactor: Redactor
    private var packer = ContentPacker()
    /// Whether the packer knows what the file holds.
    private var isLearned: Bool
    /// The file may end inside a line, so the next record needs a line feed in front.
    private var endsInsideLine: Bool
    /// When its first record happened.
    private var begun: LogTimestamp?

    init(path: String, sessionID: String, redactor: Redactor) throws(SessionLogError) {
        self.path = path
        self.redactor = redactor
        encoder = RecordEncoder(sessionID: sessionID)
        file = try PrivateFile(path: path)
        isRegular = file.status?.isRegular ?? false
        // A log in a folder that takes no new file is written all the same.
        openMark = isRegular ? Self.lockPath(of: path).flatMap { try? PrivateFile(path: $0, makesFolders: false) } : nil
        openMark?.lock(shared: true)
        isLearned = file.isEmpty
        endsInsideLine = false
        begun = Self.firstTime(in: file)
    }

    /// The file whose lock says that a log is open: `events.lock` for `events.jsonl`.
    static func lockPath(of path: String) -> String? { path.hasSuffix(".jsonl") ? path.dropLast("jsonl".count) + "lock" : nil }

    /// Appends the records of some events, all with one `write`. What cannot be written whole is not in the file afterwards.
    mutating func write(_ events: ArraySlice<SessionEvent>, _ options: SessionLogOptions) -> Outcome {
        guard isRegular else { return append(events, options) }
        enter()
        let hasRotated = isDue(options) && rotate()
        defer { file.unlock() }
        // Whoever wrote to it last may have been killed in the middle.
        endsInsideLine = file.endsInsideLine
        var outcome = append(events, options)
        outcome.hasRotated = hasRotated
        return outcome
    }

    private mutating func append(_ events: ArraySlice<SessionEvent>, _ options: SessionLogOptions) -> Outcome {
        if !isLearned, events.contains(where: { ContentFormat.packing(of: $0.name) == .all }) { learn() }
        var writer = JSONWriter()
        if endsInsideLine { writer.write(raw: "\n") }
        let lead = writer.count
        var ends: [Int] = []
        ends.reserveCapacity(events.count)
        for var event in events {
            event.payload = redactor.redact(event.payload)
            for record in packer.pack(event) { encoder.write(record, to: &writer) }
            ends.append(writer.count)
        }
        switch writer.withBytes({ file.append(UnsafeRawBufferPointer($0)) }) {
        case .written:
            endsInsideLine = false
            begun = begun ?? events.first?.time
            guard options.durability == .fsync, isRegular, let code = file.synchronise() else { return Outcome(written: events.count) }
            return Outcome(written: events.count, failure: SessionLogError(.write, path, errno: code))
        case .failed(let code, let count):
            // What was referred to may be in the part that is missing.
            packer = ContentPacker()
            let written = ends.prefix { $0 <= count }.count
            let whole = written > 0 ? ends[written - 1] : min(lead, count)
            if count > 0 { endsInsideLine = count > whole && !cutOff(count - whole) }
            return Outcome(written: written, failure: SessionLogError(.write, path, errno: code))
        }
    }

    /// Takes the last bytes of the file away again. Returns whether it could.
    private func cutOff(_ count: Int) -> Bool {
        guard isRegular, let size = file.status?.size else { return false }
        return file.cut(to: size - count)
    }

    // MARK: Sharing the file

    /// Locks the file that is in the log's place, which may be another one than a moment ago.
    private mutating func enter() {
        // Each round, somebody else has put the file aside.
        for _ in 0..<16 {
            file.lock()
            guard let status = file.status, !status.isSameFile(as: FileStatus(path: path)) else { return }
            // Without its folder there is no place for another one: somebody has thrown the session away.
            guard let next = try? PrivateFile(path: path, makesFolders: false) else { return }
            replace(by: next)
        }
        file.lock()
    }

    private mutating func replace(by next: PrivateFile) {
        file.unlock()
        file = next
        packer = ContentPacker()
        isLearned = file.isEmpty
        begun = Self.firstTime(in: file)
    }

    /// Learns what the file holds, whoever has written it.
    private mutating func learn() {
        isLearned = true
        guard var reader = try? SessionLogReader(path: path, includesRotated: false) else { return }
        while let line = try? reader.next() {
            guard case .record(let record) = line, record.event == ContentFormat.event else { continue }
            if let hash = record.data["hash"]?.string.flatMap({ ContentHash($0) }), record.data["value"] != nil { packer.learn(hash) }
        }
    }

    /// The time of the first record.
    private static func firstTime(in file: PrivateFile) -> LogTimestamp? {
        let line = String(decoding: file.beginning(64), as: UTF8.self)
        guard line.hasPrefix(#"{"ts":""#) else { return nil }
        return LogTimestamp(String(line.dropFirst(#"{"ts":""#.count).prefix { $0 != "\"" }))
    }

    // MARK: Rotation

    private func isDue(_ options: SessionLogOptions) -> Bool {
        guard options.rotateSize > 0 || options.rotateAge > 0, let size = file.status?.size, size > 0 else { return false }
        if options.rotateSize > 0, size >= options.rotateSize { return true }
        guard options.rotateAge > 0, let begun else { return false }
        return LogTimestamp.now().seconds.subtractingReportingOverflow(begun.seconds).partialValue >= options.rotateAge
    }

    /// Puts the locked file aside and begins a new one, which is locked then. Where that fails, the file stays as it is.
    private mutating func rotate() -> Bool {
        guard let segment = LogSegment.next(of: path), rename(path, segment) == 0 else { return false }
        guard let next = try? PrivateFile(path: path, makesFolders: false) else {
            rename(segment, path)
            return false
        }
        replace(by: next)
        enter()
        return true
    }
}
