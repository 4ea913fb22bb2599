import HTTPTransport

/// Turns the bytes of an event stream into chunks; does no I/O.
struct ChunkDecoder<Chunk: DecodableChunk>: Sendable {
    private var reader: ChunkReader<Chunk>
    private var events: ServerSentEventDecoder
    private var eventCount = 0
    private let streamLimit: Int
    private var byteCount = 0

    /// - Parameters:
    ///   - eventLimit: how many bytes an event may have.
    ///   - streamLimit: how many bytes the whole stream may have.
    init(head: AnswerHead, eventLimit: Int, streamLimit: Int = .max, keepsRaw: Bool) {
        self.streamLimit = streamLimit
        reader = ChunkReader(head: head, keepsRaw: keepsRaw)
        events = ServerSentEventDecoder(limit: eventLimit)
    }

    /// Reads more bytes. What comes behind `[DONE]` or an error is not looked at.
    mutating func decode(_ bytes: [UInt8]) -> ChunkBatch<Chunk> {
        var batch = ChunkBatch<Chunk>()
        byteCount += bytes.count
        guard byteCount <= streamLimit else {
            let error = TransportError(.streamTooLarge, "the stream is larger than \(streamLimit) bytes")
            batch.end = .failure(reader.head.error(error))
            return batch
        }
        events.receive(bytes)
        do throws(VLLMError) {
            while case .none = batch.end {
                if let data = events.nextPlainData() {
                    try read(data, of: bytes, to: &batch)
                } else if !events.isExhausted, let event = try nextEvent() {
                    if event.event == "error", let told = ServerErrorMessage(body: reader.head.hiding(event.data)) {
                        throw reader.head.errorInBody(told, body: event.data)
                    }
                    try read(event.data, of: bytes, to: &batch)
                } else {
                    break
                }
            }
        } catch { batch.end = .failure(error) }
        return batch
    }

    private mutating func read(_ data: ArraySlice<UInt8>, of bytes: [UInt8], to batch: inout ChunkBatch<Chunk>) throws(VLLMError) {
        eventCount += 1
        if data.count == 6, data.elementsEqual("[DONE]".utf8) {
            batch.end = .done
        } else {
            if batch.chunks.isEmpty { batch.chunks.reserveCapacity(chunkCount(data, in: bytes)) }
            try reader.read(data, number: eventCount, to: &batch.chunks)
        }
    }

    /// How many chunks a batch makes whose events are all like its first one: events of a stream are, and a list of chunks costs more to
    /// enlarge than to fill.
    private func chunkCount(_ first: ArraySlice<UInt8>, in batch: [UInt8]) -> Int {
        let framing = 8
        return batch.count / max(first.count + framing, Self.leastEvent) + 1
    }

    /// No event of a stream is shorter, in bytes; it bounds the memory that a batch of tiny ones makes us ask for.
    private static var leastEvent: Int { 128 }

    private mutating func nextEvent() throws(VLLMError) -> ServerSentEvent? {
        do { return try events.next() } catch { throw reader.head.error(error) }
    }
}
