import JSON
public import SessionLog

extension SessionTimeline {
    /// Reads a log to its end.
    /// - Parameter path: the log, or its session's folder; its rotated segments belong to it, and so does the `metadata.json` beside it.
    /// - Throws: `SessionLogError` when the log cannot be opened or read. What stands in it is never a reason: lines that are no records are
    ///   in `skippedLines`.
    public static func read(log path: String) throws(SessionLogError) -> SessionTimeline {
        var reader = try SessionLogReader(path: path, unpacksContents: true)
        var builder = TimelineBuilder()
        while let line = try reader.next() {
            switch line {
            case .record(let record): builder.add(record)
            case .skipped(let line, let reason): builder.skip(line: line, reason: reason)
            }
        }
        var timeline = builder.timeline
        let folder = reader.path.lastIndex(of: "/").map { reader.path[...$0] } ?? ""
        timeline.metadata = BoundedFile.object(at: folder + "metadata.json") ?? [:]
        return timeline
    }
}
