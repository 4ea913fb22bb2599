import JSON

/// The records at the beginning and at the end of a log that say what a session was about, read without the log between.
struct LogEnds {
    /// How much is read at either end.
    private static let size = 64 << 10

    /// Records at the beginning: the first one, prompts, calls of providers.
    private(set) var first: [SessionRecord] = []
    /// Records at the end: calls of providers and ends of sessions.
    private(set) var last: [SessionRecord] = []
    /// How many prompts are among the lines that were read.
    private(set) var promptCount = 0
    /// Whether that was all of the log.
    private(set) var isWhole = false

    init(location: SessionLocation) {
        let segments = LogSegment.all(of: location.logPath)
        let (beginning, isComplete) = Self.beginning(of: segments.first?.path ?? location.logPath)
        isWhole = isComplete && segments.isEmpty
        let lines = beginning.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        for (index, line) in lines.enumerated() where index == 0 || Self.isWanted(line, Self.wantedFirst) {
            guard let record = Self.record(line) else { continue }
            if record.event == "prompt:submit" { promptCount += 1 }
            first.append(record)
        }
        let ending = isWhole ? lines[...] : Self.end(of: location.logPath)[...]
        for line in ending where Self.isWanted(line, Self.wantedLast) {
            if let record = Self.record(line) { last.append(record) }
        }
    }

    private static let wantedFirst: Set<String> = ["prompt:submit", "llm:request"]
    private static let wantedLast: Set<String> = ["llm:request", "llm:response", "session:end", "session:start", "session:resume"]

    private static func isWanted(_ line: ArraySlice<UInt8>, _ events: Set<String>) -> Bool {
        line.withUnsafeBufferPointer { bytes in
            guard let event = RecordHead(bytes)?.event else { return false }
            return events.contains(String(decoding: bytes[event], as: UTF8.self))
        }
    }

    private static func record(_ line: ArraySlice<UInt8>) -> SessionRecord? {
        (try? JSONValue(parsing: line))?.object.flatMap { SessionRecord(line: 0, offset: 0, members: $0) }
    }

    private static func beginning(of path: String) -> (bytes: [UInt8], isComplete: Bool) {
        guard let file = try? SegmentFile(path: path) else { return ([], true) }
        var bytes = [UInt8](repeating: 0, count: size)
        var count = 0
        while count < size {
            let read = bytes.withUnsafeMutableBytes { buffer in
                (try? file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))) ?? 0
            }
            guard read > 0 else { return (Array(bytes[..<count]), true) }
            count += read
        }
        // The last line may go on.
        return (bytes.lastIndex(of: UInt8(ascii: "\n")).map { Array(bytes[..<$0]) } ?? [], false)
    }

    /// The whole lines at the end of a file.
    private static func end(of path: String) -> [ArraySlice<UInt8>] {
        guard let file = try? SegmentFile(path: path), let length = file.status?.size else { return [] }
        let start = max(0, length - size)
        guard let bytes = try? file.bytes(start..<length) else { return [] }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        return start > 0 ? Array(lines.dropFirst()) : lines
    }
}
