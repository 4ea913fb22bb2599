import JSON
import Measuring
import Redaction
import SessionLog

/// Writes records of about 500 bytes with one `write` each, on this thread: what `Benchmarks/Peers/log_floor.c` does in C.
struct LineWriting {
    static let settings = ["count", "folder"]

    private let count: Int
    private let folder: String
    private let sessionID = "ef9c333e-6a32-4c4e-9c70-1c3ad7d9f0b1"

    init(_ settings: Settings) {
        count = settings.count("count", 100_000)
        folder = settings.text("folder", "")
    }

    func run() throws {
        let temporary = TemporaryFolder(in: folder)
        defer { temporary.remove() }
        let options = SessionLogOptions(rotateSize: 0)
        let (encoder, redactor) = (RecordEncoder(sessionID: sessionID), Redactor())
        var file = try LogFile(path: "\(temporary.path)/events.jsonl", sessionID: sessionID, redactor: redactor)
        var queue = LogQueue(limit: options.queueSize)
        let start = ProcessFigures.now
        for _ in 0..<count {
            var writer = JSONWriter(capacity: 1000)
            let record = LogRecord(SessionEvent("llm:response", Self.payload), encoder, redactor, to: &writer)
            guard writer.withBytes({ queue.add(record, of: $0) }) else { stop("the queue is full") }
            var group = queue.take(reason: "").group
            if let failure = file.write(group, options).failure { stop("\(failure)") }
            group.removeAll()
            queue.recycle(group)
        }
        file.leave()
        let end = ProcessFigures.now
        report([("lines", Double(count)), ("cpu_us", end.cpu - start.cpu), ("wall_us", Double(end.time - start.time) / 1000)])
    }

    private static let payload: JSONObject = [
        "provider": "vllm", "model": "Qwen/Qwen3-8B", "request_id": "3bb563ae-1c1f-4b0e-9a57-0d4c5d9f6a01", "status": "ok",
        "duration_ms": 281, "finish_reason": "stop",
        "text": "The answer is \"42\", as the table above says.\nAnything else would be a surprise.",
        "usage": ["input_tokens": 9, "output_tokens": 4, "total_tokens": 13],
    ]
}
