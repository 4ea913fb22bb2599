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
        /// How many are not, and never will be: there is no place for them any more.
        var lost = 0
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
    /// Whether the file's name is on the disk, where that matters.
    private var isNameSafe = false
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

    /// The file whose lock says that a session's log is open: `events.lock` beside `events.jsonl`. Nothing asks for that of other logs, and
    /// a file beside them may be somebody else's.
    private static func lockPath(of path: String) -> String? {
        path == "events.jsonl" || path.hasSuffix("/events.jsonl") ? path.dropLast("jsonl".count) + "lock" : nil
    }

    /// Appends the records of some events, all with one `write`. What cannot be written whole is not in the file afterwards.
    mutating func write(_ events: ArraySlice<SessionEvent>, _ options: SessionLogOptions) -> Outcome {
        guard isRegular else { return append(events, options) }
        var hasRotated = false
        do throws(SessionLogError) {
            try enter()
            if isDue(options), rotate() {
                hasRotated = true
                try enter()
            }
        } catch {
            // Without its folder there is no place for another file: somebody has thrown the session away.
            return Outcome(written: 0, lost: error.code == ENOENT ? events.count : 0, failure: error, hasRotated: hasRotated)
        }
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
            guard options.durability == .fsync, isRegular, let code = synchronise() else { return Outcome(written: events.count) }
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

    /// Waits until the file is on the disk, and the first time its name, too. Returns the error's number where it does not get there.
    private mutating func synchronise() -> Int32? {
        if let code = file.synchronise() { return code }
        if !isNameSafe { PrivateFile.synchroniseFolder(of: path) }
        isNameSafe = true
        return nil
    }

    /// Takes the last bytes of the file away again. Returns whether it could.
    private func cutOff(_ count: Int) -> Bool {
        guard isRegular, let size = file.status?.size else { return false }
        return file.cut(to: size - count)
    }

    // MARK: Sharing the file

    /// Whether the file is the one in the log's place.
    private var isInPlace: Bool { file.status?.isSameFile(as: FileStatus(path: path)) ?? true }

    /// Locks the file that is in the log's place, which may be another one than a moment ago.
    /// - Throws: when it cannot be opened. What another file takes now would be thrown away with it.
    private mutating func enter() throws(SessionLogError) {
        // Each round, somebody else has put the file aside.
        for _ in 0..<16 {
            // Before it is locked, too: nobody knows who locks a file that was put aside, and for how long.
            if isInPlace {
                file.lock()
                if isInPlace { return }
                file.unlock()
            }
            replace(by: try PrivateFile(path: path, makesFolders: false))
        }
        throw SessionLogError(.write, path, errno: EAGAIN)
    }

    private mutating func replace(by next: PrivateFile) {
        file = next
        packer = ContentPacker()
        isLearned = file.isEmpty
        isNameSafe = false
        begun = Self.firstTime(in: file)
    }

    /// Learns what the file holds, whoever has written it: those contents that readers take as well. One that was damaged is stored anew.
    private mutating func learn() {
        isLearned = true
        guard var reader = try? SessionLogReader(path: path, includesRotated: false) else { return }
        var unpacker = ContentUnpacker()
        var start = 0
        while let line = try? reader.next() {
            guard case .record(let record) = line, record.event == ContentFormat.event else { continue }
            // The lines up to here: what a log may say depends on its length.
            let length = record.offset - start
            start = record.offset
            guard case .content = unpacker.unpack(record.members, length: length) else { continue }
            if let hash = record.data["hash"]?.string.flatMap({ ContentHash($0) }) { packer.learn(hash) }
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

    /// Puts the locked file aside and begins a new one, which is not locked. Where that cannot be, the file stays in its place and locked.
    private mutating func rotate() -> Bool {
        guard let segment = LogSegment.next(of: path), rename(path, segment) == 0 else { return false }
        if let next = try? PrivateFile(path: path, makesFolders: false) {
            file.unlock()
            replace(by: next)
            return true
        }
        // Not by its name alone: another process may have begun a new file meanwhile.
        guard link(segment, path) == 0 else {
            file.unlock()
            return true
        }
        unlink(segment)
        return false
    }
}
