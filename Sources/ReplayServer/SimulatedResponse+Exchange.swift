import Replay
import VLLMSimulator

extension SimulatedResponse {
    /// The fields that are about one connection (RFC 9110, 7.6.1), about the body's length, or about the moment.
    private static let unrepeatable: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "date",
    ]

    /// A recorded answer: status, header fields, bytes and, with a speed, the pauses between them; where it broke off, it breaks off.
    init(_ exchange: RecordedExchange, speed: Double?) {
        guard let head = exchange.head else {
            self = .noAnswer
            before = Self.ending(exchange)
            return
        }
        var parts: [Part] = []
        var before: [Part] = []
        var position = 0
        var last = Duration.zero
        for chunk in exchange.chunks {
            if let speed, chunk.offset > last {
                let pause = Part.pause((chunk.offset - last) / speed)
                // The head comes with the first bytes, not before.
                if position == 0 { before.append(pause) } else { parts.append(pause) }
                last = chunk.offset
            }
            parts.append(.bytes(Array(exchange.body[position..<position + chunk.count])))
            position += chunk.count
        }
        let hasBroken = exchange.failure != nil || exchange.isTruncated
        if hasBroken { parts += Self.ending(exchange) }
        let length = head.header("content-length").flatMap { Int($0) }.flatMap { $0 >= exchange.body.count ? $0 : nil }
        self.init(
            status: head.status, headers: head.headers.filter { !Self.unrepeatable.contains($0.name.lowercased()) }, parts: parts,
            isChunked: length == nil)
        self.before = before
        hasOwnHeadersOnly = true
        if hasBroken, let length { contentLength = length }
    }

    /// How an answer ends that did not come to its end. Nobody waits for what a server did not say, and it was reset where the client's
    /// system said so.
    private static func ending(_ exchange: RecordedExchange) -> [Part] {
        switch exchange.failure?.code {
        case "first_byte_timeout", "idle_timeout", "timeout", "connect_timeout": [.hang]
        case "connection_lost" where exchange.failure?.message.contains("reset") == true: [.reset]
        default: [.cut]
        }
    }
}
