import HTTPTransport

/// Turns the bytes of an event stream into chunks; does no I/O.
struct ChunkDecoder<Chunk: DecodableChunk>: Sendable {
    private var reader: ChunkReader<Chunk>
    private var events: ServerSentEventDecoder
    private var eventCount = 0

    init(head: AnswerHead, eventLimit: Int, keepsRaw: Bool) {
        reader = ChunkReader(head: head, keepsRaw: keepsRaw)
        events = ServerSentEventDecoder(limit: eventLimit)
    }

    /// Reads more bytes. What comes behind `[DONE]` or an error is not looked at.
    mutating func decode(_ bytes: [UInt8]) -> ChunkBatch<Chunk> {
        var batch = ChunkBatch<Chunk>()
        events.receive(bytes)
        do throws(VLLMError) {
            while let event = try nextEvent() {
                eventCount += 1
                if event.data.count == 6, event.data.elementsEqual("[DONE]".utf8) {
                    batch.isDone = true
                    return batch
                }
                if event.event == "error", let told = ServerErrorMessage(body: reader.head.hiding(event.data)) {
                    throw reader.head.errorInBody(told, body: event.data)
                }
                if batch.chunks.isEmpty { batch.chunks.reserveCapacity(chunkCount(event, in: bytes)) }
                try reader.read(event.data, number: eventCount, to: &batch.chunks)
            }
        } catch { batch.failure = error }
        return batch
    }

    /// How many chunks a batch makes whose events are all like its first one: events of a stream are, and a list of chunks costs more to
    /// enlarge than to fill.
    private func chunkCount(_ first: ServerSentEvent, in batch: [UInt8]) -> Int {
        let framing = 8
        return batch.count / max(first.data.count + framing, Self.leastEvent) + 1
    }

    /// No event of a stream is shorter, in bytes; it bounds the memory that a batch of tiny ones makes us ask for.
    private static var leastEvent: Int { 128 }

    private mutating func nextEvent() throws(VLLMError) -> ServerSentEvent? {
        do { return try events.next() } catch { throw reader.head.error(error) }
    }
}
