import SessionLog
import SessionTimeline
import TestSupport

/// The path of a log in `Tests/Logs`.
func log(_ name: String) -> String {
    let tests = #filePath.split(separator: "/").prefix { $0 != "SessionTimelineTests" }.joined(separator: "/")
    return "/\(tests)/Logs/\(name).jsonl"
}

/// Calls `body` with the path of a log with these lines.
func withLog<Result>(_ lines: [String], _ body: (String) throws -> Result) throws -> Result {
    try withTemporaryDirectory { folder in
        let path = "\(folder)/events.jsonl"
        try writeFile(path, lines.map { $0 + "\n" }.joined().utf8)
        return try body(path)
    }
}

/// The timeline of a log with these lines.
func timeline(_ lines: [String]) throws -> SessionTimeline {
    try withLog(lines) { path throws(SessionLogError) in try SessionTimeline.read(log: path) }
}

/// A line of a log: second `second` of a day, the event, and what stands beside and in `data`.
func line(_ second: Int, _ event: String, _ beside: String = "", _ data: String = "") -> String {
    let time = "2026-11-21T10:00:\(second < 10 ? "0" : "")\(second).000+00:00"
    let beside = beside.isEmpty ? "" : ", " + beside
    return #"{"ts": "\#(time)", "lvl": "INFO", "event": "\#(event)"\#(beside), "data": {\#(data)}}"#
}
