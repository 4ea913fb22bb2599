/// An answer as the bytes that go over the wire, with a fault that libmicrohttpd would not send.
struct WireParts: PartSource {
    private static let garbage = Array("no answer of anything\r\n\r\n\u{0}\u{1}".utf8)

    private var body: any PartSource
    private let isChunked: Bool
    private let fault: WireFault
    /// The length that the head promises, where there are no chunks.
    private let length: Int
    private var queue: ArraySlice<SimulatedResponse.Part>
    private var isOver = false
    /// How many bytes of the body are on their way.
    private var position = 0

    /// - Parameter reason: the words behind the status.
    init(_ reply: Reply, reason: String, fault: WireFault) {
        self.fault = fault
        body = reply.body.source
        isChunked =
            switch fault {
            case .truncatedChunk, .badChunk: true
            default: reply.body.length == nil
            }
        length = reply.body.length ?? 0
        let framing = isChunked ? ("transfer-encoding", "chunked") : ("content-length", "\(length)")
        let lines = (reply.fields + [framing]).map { "\($0.0): \($0.1)\r\n" }
        let head = Array("HTTP/1.1 \(reply.status) \(reason)\r\n\(lines.joined())\r\n".utf8)
        switch fault {
        case .noAnswer:
            queue = [.cut]
            isOver = true
        case .inHead(let how, let count):
            queue = [.bytes(Array(head.prefix(count))), how.part]
            isOver = true
        default: queue = [.bytes(head)]
        }
    }

    mutating func next() -> SimulatedResponse.Part? {
        if let part = queue.popFirst() { return part }
        guard !isOver else { return nil }
        guard let part = body.next() else {
            isOver = true
            queue = ending[...]
            return queue.popFirst()
        }
        guard case .bytes(let bytes) = part else { return part }
        guard !bytes.isEmpty else { return .bytes([]) }
        defer { position += bytes.count }
        return .bytes(framed(bytes))
    }

    /// Bytes of the body as they are sent, up to the fault that falls into them.
    private mutating func framed(_ bytes: [UInt8]) -> [UInt8] {
        guard isChunked else {
            if case .garbage = fault, position + bytes.count == length { return bytes + Self.garbage }
            return bytes
        }
        switch fault {
        case .truncatedChunk(let limit) where limit < position + bytes.count:
            isOver = true
            queue = [.cut]
            return sizeLine(bytes.count) + bytes.prefix(limit - position)
        case .badChunk(let limit) where limit < position + bytes.count:
            isOver = true
            queue = [.hang]
            let rest = Array(bytes.dropFirst(limit - position))
            return (limit > position ? chunk(Array(bytes.prefix(limit - position))) : []) + Array("zz\r\n".utf8) + rest + [13, 10]
        default: return chunk(bytes)
        }
    }

    private func chunk(_ bytes: [UInt8]) -> [UInt8] { sizeLine(bytes.count) + bytes + [13, 10] }

    private func sizeLine(_ count: Int) -> [UInt8] { Array("\(String(count, radix: 16, uppercase: true))\r\n".utf8) }

    /// What comes behind the body.
    private var ending: [SimulatedResponse.Part] {
        let end = isChunked ? Array("0\r\n\r\n".utf8) : []
        switch fault {
        case .truncatedChunk: return [.cut]
        case .badChunk: return [.bytes(Array("zz\r\n".utf8)), .hang]
        // At once with the end, and not a moment later, when it would be the answer to what the client has sent meanwhile.
        case .garbage where isChunked || length == 0: return [.bytes(end + Self.garbage)]
        default: return [.bytes(end)]
        }
    }
}
