import JSON
import TestSupport

/// A request that both the real server and the simulator are asked.
struct ComparedRequest: Sendable, CustomStringConvertible {
    var name: String
    var method = "POST"
    var path: String
    var headers: [(name: String, value: String)] = [("content-type", "application/json")]
    var body: [UInt8]?

    var description: String { name }

    init(_ name: String, _ path: String, _ body: JSONObject) {
        self.name = name
        self.path = path
        self.body = JSONValue.object(body).bytes
    }

    /// The request of a recording.
    init(_ recording: Recording) {
        name = recording.name
        method = recording.entry.method
        path = recording.entry.path
        let framing: Set<String> = ["host", "connection", "content-length", "accept-encoding", "expect"]
        headers = recording.request.headers.map { ($0.name.lowercased(), $0.value) }.filter { !framing.contains($0.0) }
        body = recording.request.body.isEmpty ? nil : recording.request.body
    }
}
