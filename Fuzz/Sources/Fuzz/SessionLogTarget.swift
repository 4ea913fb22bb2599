import Glibc
import JSON
import Timestamps

@testable import SessionLog

extension FuzzTarget {
    /// The event log: the same lines wherever the bytes are split, every line read or skipped, and what was read is written as it was.
    static let sessionLog = FuzzTarget { bytes in
        let whole = lines([bytes])
        var splitting = Splitting(seed: bytes)
        require(whole == lines(splitting.pieces(bytes)), "split, the lines are others")
        require(whole.filter(\.isComplete).count == bytes.count { $0 == 10 }, "there are more or fewer lines than line feeds")

        guard let contents = inFile(bytes, { try? SessionLogReader.contents(of: $0) }) else { fatalError("the log cannot be read") }
        require(contents.records.count + contents.skipped.count <= whole.count, "there are more records than lines")
        for record in contents.records {
            _ = (record.timestamp, record.level, record.sessionID, record.requestID)
            check(record)
        }
    }

    private static let limit = 100

    /// A line as it was found; where in a buffer it stands means nothing.
    private struct Found: Equatable {
        var number: Int
        var offset: Int
        var bytes: [UInt8]?
        var isComplete: Bool

        init(_ line: LineSplitter.Line, in splitter: borrowing LineSplitter) {
            number = line.number
            offset = line.offset
            bytes = line.range.map { Array(splitter.bytes($0)) }
            isComplete = line.isComplete
        }
    }

    private static func lines(_ batches: [[UInt8]]) -> [Found] {
        var splitter = LineSplitter(limit: limit)
        var lines: [Found] = []
        // Nothing would be the end of the stream.
        for batch in batches where !batch.isEmpty {
            var rest = batch[...]
            while !rest.isEmpty {
                _ = splitter.fill { memory in
                    let piece = rest.prefix(memory.count)
                    memory.copyBytes(from: piece)
                    rest = rest.dropFirst(piece.count)
                    return piece.count
                }
                while let line = splitter.next() { lines.append(Found(line, in: splitter)) }
            }
        }
        if let line = splitter.finish() { lines.append(Found(line, in: splitter)) }
        return lines
    }

    /// A record that is written again is one line with the same event.
    private static func check(_ record: SessionRecord) {
        var writer = JSONWriter()
        let time = LogTimestamp(seconds: 0, nanoseconds: 0)
        RecordEncoder(sessionID: "s").write(SessionEvent(record.event, record.payload, at: time), to: &writer)
        let line = writer.bytes
        require(line.last == 10 && line.count { $0 == 10 } == 1, "a record is written as more than one line")
        let back = inFile(line) { try? SessionLogReader.contents(of: $0) }
        require(back?.records.map(\.event) == [record.event], "a record that was written is read as another")
    }

    /// Calls `body` with the path of a file that nobody else sees.
    private static func inFile<Result>(_ bytes: [UInt8], _ body: (String) -> Result) -> Result {
        guard let file = tmpfile() else { fatalError("no temporary file") }
        defer { fclose(file) }
        require(write(fileno(file), bytes, bytes.count) == bytes.count, "the temporary file is not written")
        return body("/proc/self/fd/\(fileno(file))")
    }
}
