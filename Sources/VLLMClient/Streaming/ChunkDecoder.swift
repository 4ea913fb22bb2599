import HTTPTransport

/// Turns the bytes of an event stream into chunks; does no I/O.
struct ChunkDecoder<Chunk: DecodableChunk>: Sendable {
    private let reader: ChunkReader<Chunk>
    private var events: EventLines
    private var eventCount = 0

    init(head: AnswerHead, eventLimit: Int, keepsRaw: Bool) {
        reader = ChunkReader(head: head, keepsRaw: keepsRaw)
        events = EventLines()
    }

    /// Reads more bytes. What comes behind `[DONE]` or an error is not looked at.
    mutating func decode(_ bytes: [UInt8]) -> ChunkBatch<Chunk> {
        var batch = ChunkBatch<Chunk>()
        // The closure must not reach into `self` while its `events` are being changed.
        let reader = reader
        var count = eventCount
        events.decode(bytes) { data in
            guard !batch.isLast else { return }
            count += 1
            if data.elementsEqual("[DONE]".utf8) {
                batch.isDone = true
                return
            }
            do throws(VLLMError) { batch.chunks.append(try reader.read(data, number: count)) } catch { batch.failure = error }
        }
        eventCount = count
        return batch
    }
}
