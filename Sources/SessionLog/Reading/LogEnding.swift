#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Finds the last records of a log that are wanted, from its end towards its beginning.
struct LogEnding: ~Copyable {
    private static let blockSize = 256 << 10

    private let maximumLineLength: Int
    private let query: RecordQuery
    private var filter: LineFilter
    private var noUnpacker: ContentUnpacker?
    /// How many records are still to be found.
    private var count: Int
    /// Where in the file that is being written the first of them begins.
    private(set) var start = 0

    init(count: Int, query: RecordQuery, maximumLineLength: Int) {
        self.count = count
        self.query = query
        self.maximumLineLength = maximumLineLength
        filter = LineFilter(query)
    }

    /// Looks through the file that is being written.
    mutating func find(in file: SegmentFile) throws(SessionLogError) {
        guard let status = file.status, status.isRegular else { return }
        start = status.size
        var end = status.size
        // What stands behind `end` up to the next line feed, the end of a line whose beginning is before it.
        var rest: [UInt8] = []
        var isRestTooLong = false
        // Behind the last line feed a line is being written: it is given out once it is whole, or at the end.
        var isLast = true
        while end > 0, count > 0 || isLast {
            let from = max(0, end - Self.blockSize)
            let block = try file.bytes(from..<end)
            // The file has become shorter.
            guard block.count == end - from else { return }
            var lineEnd = block.count
            while let lineFeed = block[..<lineEnd].lastIndex(of: 0x0A) {
                take(block[(lineFeed + 1)..<lineEnd] + rest, at: from + lineFeed + 1, isLast: isLast, isTooLong: isRestTooLong)
                isLast = false
                rest = []
                isRestTooLong = false
                lineEnd = lineFeed
                if count == 0 { return }
            }
            isRestTooLong = isRestTooLong || rest.count + lineEnd > maximumLineLength
            rest = isRestTooLong ? [] : block[..<lineEnd] + rest
            end = from
        }
        if count > 0 || isLast {
            take(rest[...], at: 0, isLast: isLast, isTooLong: isRestTooLong)
            if count > 0 { start = 0 }
        }
    }

    private mutating func take(_ line: ArraySlice<UInt8>, at offset: Int, isLast: Bool, isTooLong: Bool) {
        if isLast {
            start = min(start, offset)
            return
        }
        guard !line.isEmpty, !isTooLong else { return }
        let isRecord = line.withUnsafeBufferPointer { bytes in
            guard filter.hasText(bytes) else { return false }
            let place = LineSplitter.Line(number: 0, offset: 0, range: nil, isComplete: true)
            if case .record? = LineInterpreter.interpret(place, bytes, isFirst: offset == 0, &filter, &noUnpacker) { return true }
            return false
        }
        guard isRecord else { return }
        count -= 1
        start = offset
    }

    /// The records that are still to be found in what was put aside, the last part first; in the order of the log.
    mutating func records(before segments: [LogSegment]) throws(SessionLogError) -> [SessionRecord] {
        var found: [SessionRecord] = []
        for segment in segments.reversed() where count > 0 {
            // One that is gone meanwhile, or damaged, gives what it can.
            guard var reader = try? SessionLogReader(path: segment.path, includesRotated: false, query: query) else { continue }
            var records: [SessionRecord] = []
            while let line = try reader.next() {
                guard case .record(let record) = line else { continue }
                records.append(record)
                if records.count >= 2 * count { records.removeFirst(records.count - count) }
            }
            let last = records.suffix(count)
            count -= last.count
            found = last + found
        }
        return found
    }
}
