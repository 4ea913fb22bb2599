import JSON
package import Redaction
import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The file of a log as its writer has it: appends records, many with one `write`, and turns events into lines before.
///
/// Other processes may write the same log, and put the file aside. Groups of lines are written behind a lock on the file, and only where
/// the file still is in its place. The lock is held until `leave`: while there is more to write, to look again would cost more than that.
package struct LogFile: Sendable {
    /// How writing a group went.
    package struct Outcome {
        /// How many of the records are in the file.
        var written: Int
        /// How many are not, and never will be: there is no place for them any more.
        var lost = 0
        /// Why the others are not, or why it is not known whether they are on the disk.
        package var failure: SessionLogError?
        /// Whether the file was put aside before.
        var hasRotated = false
    }

    let path: String
    private var file: PrivateFile
    /// Held as long as the log is open: whoever wants to remove the session asks for it.
    private let openMark: PrivateFile?
    private let isRegular: Bool
    /// What tells the file from others.
    private var identity: FileIdentity?
    /// Whether the file is locked, and in its place.
    private var isInside = false
    /// How many bytes the file has, while it is locked.
    private var size = 0
    /// How many it had behind the last line that was written here.
    private var writtenSize: Int?
    /// How much was written since it was locked.
    private var turn = 0
    private let encoder: RecordEncoder
    private let redactor: Redactor?
    private var packer = ContentPacker()
    /// Whether the packer knows what the file holds.
    private var isLearned: Bool
    /// The file may end inside a line, so the next record needs a line feed in front.
    private var endsInsideLine: Bool
    /// Whether the file's name is on the disk, where that matters.
    private var isNameSafe = false
    /// When its first record happened.
    private var begun: LogTimestamp?

    /// How much is written before others have their turn.
    private static let longestTurn = 4 << 20

    package init(path: String, sessionID: String, redactor: Redactor?) throws(SessionLogError) {
        self.path = path
        self.redactor = redactor
        encoder = RecordEncoder(sessionID: sessionID)
        file = try PrivateFile(path: path)
        identity = file.identity
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

    /// Appends records, those of a group from one on, all with one `write`. What cannot be written whole is not in the file afterwards.
    /// - Parameter waits: whether to wait for other processes that write the file; else nothing is written meanwhile.
    package mutating func write(_ group: LogGroup, from first: Int = 0, _ options: SessionLogOptions, waits: Bool = true) -> Outcome {
        guard isRegular else { return append(group, from: first, options) }
        var hasRotated = false
        do throws(SessionLogError) {
            if turn > Self.longestTurn { leave() }
            guard try enter(waits: waits) else { return Outcome(written: 0) }
            if isDue(options), rotate() {
                hasRotated = true
                guard try enter(waits: waits) else { return Outcome(written: 0, hasRotated: true) }
            }
        } catch {
            // Without its folder there is no place for another file: somebody has thrown the session away.
            return Outcome(written: 0, lost: error.code == ENOENT ? group.count - first : 0, failure: error, hasRotated: hasRotated)
        }
        var outcome = append(group, from: first, options)
        outcome.hasRotated = hasRotated
        return outcome
    }

    private mutating func append(_ group: LogGroup, from first: Int, _ options: SessionLogOptions) -> Outcome {
        if !isLearned, group.events.contains(where: { ContentFormat.packing(of: $0.event.name) == .all }) { learn() }
        let count = group.count - first
        if group.events.isEmpty, !endsInsideLine {
            let start = group.start(of: first)
            let result = group.lines.withUnsafeBytes { file.append(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            guard case .failed(let code, let bytes) = result else { return appended(group.lines.count - start, count, group, options) }
            return failed(code, bytes, ends: group.ends[first...].map { $0 - start })
        }
        var writer = JSONWriter()
        if endsInsideLine { writer.write(raw: "\n") }
        let lead = writer.count
        var ends: [Int] = []
        ends.reserveCapacity(count)
        group.forEach(from: first) { line in
            writer.write(raw: line)
            ends.append(writer.count)
        } event: { event in
            var event = event
            if let payload = redactor?.redacted(event.payload) { event.payload = payload }
            for record in packer.pack(event) { encoder.write(record, to: &writer) }
            ends.append(writer.count)
        }
        let result = writer.withBytes { file.append(UnsafeRawBufferPointer($0)) }
        guard case .failed(let code, let bytes) = result else { return appended(writer.count, count, group, options) }
        return failed(code, bytes, lead: lead, ends: ends)
    }

    /// All bytes of all records were taken.
    private mutating func appended(_ bytes: Int, _ count: Int, _ group: LogGroup, _ options: SessionLogOptions) -> Outcome {
        endsInsideLine = false
        begun = begun ?? group.time
        size += bytes
        turn += bytes
        writtenSize = size
        guard options.durability == .fsync, isRegular, let code = synchronise() else { return Outcome(written: count) }
        return Outcome(written: count, failure: SessionLogError(.write, path, errno: code))
    }

    /// Only so many bytes were taken.
    /// - Parameters:
    ///   - lead: how many bytes are in front of the first record.
    ///   - ends: where each record ends.
    private mutating func failed(_ code: Int32, _ count: Int, lead: Int = 0, ends: [Int]) -> Outcome {
        // What was referred to may be in the part that is missing.
        packer = ContentPacker()
        let written = ends.prefix { $0 <= count }.count
        let whole = written > 0 ? ends[written - 1] : min(lead, count)
        if count > 0 { endsInsideLine = count > whole && !cutOff(count - whole) }
        leave()
        return Outcome(written: written, failure: SessionLogError(.write, path, errno: code))
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

    /// The size of the file, where it is the one in the log's place.
    private var sizeInPlace: Int? {
        guard let identity else { return 0 }
        return FileIdentity(path: path).flatMap { $0.isSameFile(as: identity) ? $0.size : nil }
    }

    /// Locks the file that is in the log's place, which may be another one than a moment ago.
    /// - Returns: whether it is locked; `false` only where nobody waits for others that have it.
    /// - Throws: when it cannot be opened. What another file takes now would be thrown away with it.
    private mutating func enter(waits: Bool) throws(SessionLogError) -> Bool {
        guard !isInside else { return true }
        // Each round, somebody else has put the file aside.
        for _ in 0..<16 {
            // One that others have locked is looked at before it is waited for: nobody knows who locks a file that was put aside, and for
            // how long.
            var isLocked = file.lock(waits: false)
            if !isLocked, sizeInPlace != nil {
                guard waits else { return false }
                isLocked = file.lock()
            }
            if isLocked {
                if let size = sizeInPlace {
                    (isInside, turn, self.size) = (true, 0, size)
                    // Whoever wrote to it last may have been killed in the middle.
                    endsInsideLine = size != writtenSize && file.endsInsideLine(size: size)
                    return true
                }
                file.unlock()
            }
            replace(by: try PrivateFile(path: path, makesFolders: false))
        }
        throw SessionLogError(.write, path, errno: EAGAIN)
    }

    /// Lets others write the file.
    package mutating func leave() {
        if isInside { file.unlock() }
        isInside = false
    }

    private mutating func replace(by next: PrivateFile) {
        file = next
        identity = next.identity
        isInside = false
        writtenSize = nil
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
        guard size > 0 else { return false }
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
            leave()
            return true
        }
        unlink(segment)
        return false
    }
}
