extension ScriptedExchange {
    /// A response as it was recorded from a socket: head, chunk framing and all.
    ///
    /// Where the recording ends before the body does, or has no head, the exchange fails with `.connectionLost`, as it did then.
    /// - Parameters:
    ///   - bytes: what the server sent.
    ///   - batchSize: how many bytes of the body arrive at a time; `nil` brings all of them at once.
    /// - Throws: `.protocolViolation` when it is no HTTP/1.1 response.
    public init(recording bytes: [UInt8], batchSize: Int? = nil) throws(TransportError) {
        let cut = TransportError(.connectionLost, "the recorded connection was closed before the end of the response")
        guard let (head, bodyStart) = try parseHead(bytes) else {
            self = .failing(cut)
            return
        }
        let rest = bytes[bodyStart...]
        let (body, isWhole): (ArraySlice<UInt8>, Bool)
        if head.headers["Transfer-Encoding"]?.lowercased() == "chunked" {
            let (joined, hasEnd) = try joinChunks(rest)
            (body, isWhole) = (joined[...], hasEnd)
        } else if let length = head.headers["Content-Length"].flatMap({ Int($0) }) {
            (body, isWhole) = (rest.prefix(length), rest.count >= length)
        } else {
            (body, isWhole) = (rest, true)
        }
        let size = max(1, batchSize ?? body.count)
        var steps = stride(from: body.startIndex, to: body.endIndex, by: size).map { Step.bytes(Array(body[$0...].prefix(size))) }
        if !isWhole { steps.append(.fail(cut)) }
        self.init(status: head.status, headers: head.headers, steps: steps)
    }
}

/// The final head and where the body starts, or `nil` where the recording stops before.
private func parseHead(_ bytes: [UInt8]) throws(TransportError) -> (ResponseHead, Int)? {
    var parser = ResponseHeadParser(limit: .max)
    var position = 0
    while let end = bytes[position...].firstIndex(of: 10) {
        let step = bytes[position...end].withUnsafeBufferPointer { parser.receive($0) }
        position = end + 1
        switch step {
        case .more: continue
        case .head(let head): return (head, position)
        case .tooLarge, .malformed: throw TransportError(.protocolViolation, "the recording is no HTTP/1.1 response")
        }
    }
    return nil
}

/// The content of a chunked body, and whether its last chunk is there.
private func joinChunks(_ bytes: ArraySlice<UInt8>) throws(TransportError) -> ([UInt8], Bool) {
    var body: [UInt8] = []
    var rest = bytes
    while let end = rest.firstIndex(of: 10) {
        let digits = rest[..<end].prefix { $0 != 13 && $0 != UInt8(ascii: ";") }
        guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0 else {
            throw TransportError(.protocolViolation, "the recording has a malformed chunk size")
        }
        rest = rest[(end + 1)...]
        guard size > 0 else { return (body, true) }
        body += rest.prefix(size)
        guard rest.count >= size + 2 else { break }
        rest = rest.dropFirst(size + 2)
    }
    return (body, false)
}
