import JSON
import SessionLog

/// Goes through logs and prints what matches.
struct LogSearch {
    /// What is printed.
    enum Output {
        case lines
        case json
        case counts
        case countsAsJSON
        case paths
        case pathsAsJSON
    }

    let query: RecordQuery
    let pattern: TextPattern
    let putsContentsBack: Bool
    let output: Output
    let showsSession: Bool
    let terminal: Terminal
    /// How many records matched.
    private(set) var total = 0
    /// The lines that match and are no records.
    private(set) var skipped = SkippedLines()

    init(query: RecordQuery, pattern: TextPattern, putsContentsBack: Bool, output: Output, showsSession: Bool, terminal: Terminal) {
        self.query = query
        self.pattern = pattern
        self.putsContentsBack = putsContentsBack
        self.output = output
        self.showsSession = showsSession
        self.terminal = terminal
    }

    /// Searches a log.
    mutating func search(_ path: String, _ progress: inout ReadingProgress) throws(SessionLogError) {
        var reader = try SessionLogReader(path: path, unpacksContents: putsContentsBack, query: query)
        var count = 0
        var session: String?
        defer { progress.endLog(reader.progress.bytesRead) }
        while let line = try reader.next(afterBlock: { progress.blockOfLog($0) }) {
            switch line {
            case .skipped(let line, let reason): skipped.add(line, reason)
            case .record(let record):
                count += 1
                session = session ?? record.sessionID
                switch output {
                case .lines: terminal.print(text(of: record))
                case .json: terminal.print(JSONValue.object(record.members).text + "\n")
                case .counts, .countsAsJSON, .paths, .pathsAsJSON: break
                }
            }
            // One is enough to name the log.
            if count > 0, output == .paths || output == .pathsAsJSON { break }
        }
        total += count
        if count > 0 { summarise(path, session, count) }
    }

    private func summarise(_ path: String, _ session: String?, _ count: Int) {
        let json: JSONObject = ["session_id": session.map { .string($0) } ?? .null, "path": .string(path)]
        switch output {
        case .counts: if showsSession { terminal.print("\(path): \(count)\n") }
        case .countsAsJSON:
            var json = json
            json["count"] = .integer(count)
            terminal.print(JSONValue.object(json).text + "\n")
        case .paths: terminal.print(path + "\n")
        case .pathsAsJSON: terminal.print(JSONValue.object(json).text + "\n")
        case .lines, .json: break
        }
    }

    /// The record as a line: which session, when, which event, and the match with what stands around it.
    private func text(of record: SessionRecord) -> String {
        let text = RecordText(record)
        let date = text.time.map { LocalTime($0).date + " " } ?? ""
        let session = showsSession ? String((record.sessionID ?? "-").prefix(8)) + "  " : ""
        let event = TextTable.inOneLine(record.event)
        let head = session + date + text.clock
        let room = terminal.isInteractive ? max(40, terminal.width - head.count - event.count - 4) : 160
        let shown =
            text.isError ? terminal.styled(event, .red) : text.isWarning ? terminal.styled(event, .yellow) : terminal.styled(event, .cyan)
        return terminal.styled(TextTable.inOneLine(head), .dim) + "  " + shown + "  " + match(in: record, room: room) + "\n"
    }

    /// The record's text and where the match is in it: in `data`, if it is there, since what stands before is in every record.
    private func place(in record: SessionRecord) -> (bytes: [UInt8], match: Range<Int>)? {
        for value in [.object(record.data), .object(record.members)] as [JSONValue] {
            let bytes = value.bytes
            if let found = bytes.withUnsafeBufferPointer({ pattern.firstMatch(in: $0) }) { return (bytes, found) }
        }
        return nil
    }

    /// The first match with as much around it as there is room for.
    private func match(in record: SessionRecord, room: Int) -> String {
        guard let (bytes, found) = place(in: record) else {
            // It stood in the spaces or the spelling of the line.
            return TextTable.cut(TextTable.inOneLine(RecordText(record).gist), to: room)
        }
        func text(_ range: Range<Int>) -> String { TextTable.inOneLine(String(decoding: bytes[range], as: UTF8.self)) }
        let matched = TextTable.cut(text(found.lowerBound..<min(found.upperBound, found.lowerBound + 4 * room)), to: room)
        let around = max(0, room - matched.count)
        // Some bytes too many, and then characters: a character may be four bytes.
        let before = text(max(0, found.lowerBound - 4 * around)..<found.lowerBound)
        let after = text(found.upperBound..<min(bytes.count, found.upperBound + 4 * around))
        let shownBefore = String(before.suffix(min(around / 3, before.count)))
        let shownAfter = TextTable.cut(after, to: max(0, around - shownBefore.count))
        return shownBefore + terminal.styled(matched, .bold) + shownAfter
    }
}
