import Measuring
import SessionLog

/// Reads all records of a log and reports how fast.
struct LogReading {
    static let settings = ["path"]

    private let path: String

    init(_ settings: Settings) {
        path = settings.text("path", "")
        guard !path.isEmpty else { stop("path=… names the log") }
    }

    func run() throws {
        let start = ProcessFigures.now
        var reader = try SessionLogReader(path: path)
        var records = 0
        while let line = try reader.next() {
            if case .record = line { records += 1 }
        }
        let end = ProcessFigures.now
        let bytes = Double(reader.progress.bytesRead)
        let wall = Double(end.time - start.time) / 1000
        report([
            ("records", Double(records)), ("bytes", bytes), ("cpu_us", end.cpu - start.cpu), ("wall_us", wall),
            ("mb_per_s", bytes / wall), ("rss_peak_kib", Double(ResidentMemory.peak)),
        ])
    }
}
