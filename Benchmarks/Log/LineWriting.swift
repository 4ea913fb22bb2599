import JSON
import Measuring
import Redaction
import SessionLog

/// Writes records of about 400 bytes with one `write` each, on this thread: what `Benchmarks/Peers/log_floor.c` does in C.
struct LineWriting {
    static let settings = ["count", "folder"]

    private let count: Int
    private let folder: String

    init(_ settings: Settings) {
        count = settings.count("count", 100_000)
        folder = settings.text("folder", "")
    }

    func run() throws {
        let temporary = TemporaryFolder(in: folder)
        defer { temporary.remove() }
        let options = SessionLogOptions(rotateSize: 0)
        let (encoder, redactor) = (RecordEncoder(sessionID: LogWriting.sessionID), Redactor())
        var file = try LogFile(path: "\(temporary.path)/events.jsonl", sessionID: LogWriting.sessionID, redactor: redactor)
        var queue = LogQueue(limit: options.queueSize)
        let payloads = (0..<64).map(LogWriting.payload)
        let start = ProcessFigures.now
        for index in 0..<count {
            let event = SessionEvent("content_block:end", payloads[index % payloads.count])
            let isQueued = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1000) { memory in
                var writer = JSONWriter(memory: memory)
                let record = LogRecord(event, encoder, redactor, to: &writer)
                return writer.withBytes { queue.add(record, of: $0) }
            }
            guard isQueued else { stop("the queue is full") }
            var group = queue.take(reason: "").group
            if let failure = file.write(group, options).failure { stop("\(failure)") }
            group.removeAll()
            queue.recycle(consume group)
        }
        file.leave()
        let end = ProcessFigures.now
        report([("lines", Double(count)), ("cpu_us", end.cpu - start.cpu), ("wall_us", Double(end.time - start.time) / 1000)])
    }
}
