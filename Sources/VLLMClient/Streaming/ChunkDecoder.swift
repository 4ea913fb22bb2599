import HTTPTransport

/// Turns the bytes of an event stream into chunks; does no I/O.
struct ChunkDecoder<Chunk: DecodableChunk>: Sendable {
    private let reader: ChunkReader<Chunk>
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
                if event.data.elementsEqual("[DONE]".utf8) {
                    batch.isDone = true
                    return batch
                }
                if event.event == "error", let told = ServerErrorMessage(body: reader.head.hiding(event.data)) {
                    throw reader.head.errorInBody(told, body: event.data)
                }
                batch.chunks.append(try reader.read(event.data, number: eventCount))
            }
        } catch { batch.failure = error }
        return batch
    }

    private mutating func nextEvent() throws(VLLMError) -> ServerSentEvent? {
        do { return try events.next() } catch { throw reader.head.error(error) }
    }
}
