import JSON
import Measuring
import SessionLog

/// Writes records of about 400 bytes to a log in a temporary folder, as a session does, and reports what it costs who tells of them, and in
/// all.
struct LogWriting {
    static let settings = ["count", "durability", "batch", "folder"]

    private let count: Int
    private let durability: SessionLogOptions.Durability
    private let batch: Int
    private let folder: String

    init(_ settings: Settings) {
        count = settings.count("count", 100_000)
        let names = SessionLogOptions.Durability.allCases.map(\.rawValue)
        durability = SessionLogOptions.Durability(rawValue: settings.text("durability", "flush")) ?? .flush
        guard names.contains(settings.text("durability", "flush")) else { stop("durability is one of \(names.joined(separator: ", "))") }
        // As many as may wait for the disk; 1 has each line waited for by itself, which who logs then writes.
        batch = max(1, settings.count("batch", 10_000))
        folder = settings.text("folder", "")
    }

    func run() throws {
        let temporary = TemporaryFolder(in: folder)
        defer { temporary.remove() }
        let options = SessionLogOptions(durability: durability, rotateSize: 0)
        let log = try SessionLogWriter(path: "\(temporary.path)/events.jsonl", sessionID: Self.sessionID, options: options)
        append(100, to: log)
        log.flush()
        let start = ProcessFigures.now
        var caller = 0.0
        var written = 0
        while written < count {
            if batch == 1 {
                log.write("content_block:end", Self.payload(written))
                written += 1
                continue
            }
            let next = min(batch, count - written)
            let begin = ProcessFigures.threadCPU
            append(next, to: log)
            caller += ProcessFigures.threadCPU - begin
            log.flush()
            written += next
        }
        let end = ProcessFigures.now
        log.close()
        guard log.lostRecords == 0 else { stop("\(log.lostRecords) records were lost: \(String(describing: log.failure))") }
        report([
            ("lines", Double(count)), ("cpu_us", end.cpu - start.cpu), ("caller_cpu_us", batch == 1 ? end.cpu - start.cpu : caller),
            ("wall_us", Double(end.time - start.time) / 1000),
        ])
    }

    private func append(_ count: Int, to log: SessionLogWriter) {
        for index in 0..<count { log.append("content_block:end", Self.payload(index)) }
    }

    static let sessionID = "5e2f7c1a-93bd-4c0e-8f47-d0a1b2c3d4e5"

    /// What a session tells of a block of an answer: what `Benchmarks/Peers/log_floor.c` writes, member for member.
    static func payload(_ index: Int) -> JSONObject {
        [
            "block_index": .integer(index % 8), "total_blocks": 1,
            "block": ["type": "text", "text": "The answer is a sentence of a usual length, and there is \"no number\" in it."],
            "usage": ["input_tokens": .integer(index + 10), "output_tokens": .integer(index % 1024)],
        ]
    }
}
