import JSON
import Measuring
import SessionLog

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension FixedPath {
    private static let sessionID = "0a1b2c3d-0a1b-4c3d-8e4f-0a1b2c3d4e5f"

    /// Events into a log. Each batch is written at once, by the log's thread, and waited for: how many writes there are is fixed.
    static func writeLog(_ count: Int) throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let options = SessionLogOptions(durability: .none, rotateSize: 0)
        let log = try SessionLogWriter(path: "\(folder.path)/events.jsonl", sessionID: sessionID, options: options)
        for _ in 0..<count / ServerBytes.batchSize {
            for index in 0..<ServerBytes.batchSize { log.append("content_block:end", payload(index)) }
            guard log.flush(within: .seconds(600)) else { stop("the log was not written: \(String(describing: log.failure))") }
        }
        log.close()
        expect(log.lostRecords, 0, "lost records")
    }

    /// Records out of a log.
    static func readLog(_ count: Int) throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let path = "\(folder.path)/events.jsonl"
        guard let file = fopen(path, "w") else { stop("\(path) cannot be written") }
        for _ in 0..<count { fputs(record, file) }
        fclose(file)
        var reader = try SessionLogReader(path: path)
        var records = 0
        while let line = try reader.next() {
            if case .record = line { records += 1 }
        }
        expect(records, count, "records")
    }

    /// What a session tells of a block of an answer.
    private static func payload(_ index: Int) -> JSONObject {
        [
            "request_id": "5f4e3d2c-1b0a-4f4e-9d2c-1b0a5f4e3d2c", "provider": "vllm", "block_type": "text",
            "block_index": .integer(index), "total_blocks": 64,
            "block": ["type": "text", "text": "Sum: 2 + 2 is 4, and \"four\" is its name in English."],
            "usage": ["input_tokens": 31, "output_tokens": 17, "total_tokens": 48],
        ]
    }

    private static let record = """
        {"ts":"2026-11-22T02:30:44.123456+00:00","lvl":"INFO","schema":{"name":"amplifier.log","ver":"1.0.0"},"event":"content_block:end",\
        "session_id":"\(sessionID)","request_id":"5f4e3d2c-1b0a-4f4e-9d2c-1b0a5f4e3d2c","data":{"provider":"vllm","block_type":"text",\
        "block_index":1,"total_blocks":64,"block":{"type":"text","text":"Sum: 2 + 2 is 4, and \\"four\\" is its name in English."},\
        "usage":{"input_tokens":31,"output_tokens":17,"total_tokens":48}}}

        """
}
