import Timestamps

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension LogSegment {
    /// Where the log at `path` is put aside next; `nil` where it has no name that a segment could have.
    static func next(of path: String) -> String? {
        guard path.hasSuffix(".jsonl") else { return nil }
        let (number, overflows) = (all(of: path).last?.number ?? 0).addingReportingOverflow(1)
        guard !overflows else { return nil }
        let digits = String(number)
        return path.dropLast("jsonl".count) + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits + ".jsonl"
    }

    /// How many bytes its files have.
    private var bytes: Int {
        [plainPath, compressedPath].compactMap { $0.flatMap { FileStatus(path: $0)?.size } }.reduce(0) {
            $0.addingReportingOverflow($1).partialValue
        }
    }

    /// The segments that `retention` no longer keeps.
    static func superfluous(_ segments: [LogSegment], _ retention: SessionLogOptions.Retention, now: LogTimestamp = .now()) -> [LogSegment]
    {
        var kept = 0
        var bytes = 0
        return segments.reversed().filter { segment in
            kept += 1
            bytes = bytes.addingReportingOverflow(segment.bytes).partialValue
            if retention.count > 0, kept > retention.count { return true }
            if retention.bytes > 0, bytes > retention.bytes { return true }
            guard retention.age > 0, let written = FileStatus(path: segment.path)?.modified else { return false }
            return now.seconds.subtractingReportingOverflow(written.seconds).partialValue > retention.age
        }
    }

    /// Removes its files.
    func remove() {
        for path in [plainPath, compressedPath].compactMap(\.self) { unlink(path) }
    }
}
