import HTTPTransport
import JSON

/// Turns the bytes of an event stream into chunks; does no I/O.
struct ChunkDecoder<Chunk: DecodableChunk>: Sendable {
    private let head: AnswerHead
    private let keepsRaw: Bool
    private var events: EventLines
    private var eventCount = 0
    private var previous: Chunk?

    init(head: AnswerHead, eventLimit: Int, keepsRaw: Bool) {
        self.head = head
        self.keepsRaw = keepsRaw
        events = EventLines()
    }

    /// Reads more bytes. What comes behind `[DONE]` or an error is not looked at.
    mutating func decode(_ bytes: [UInt8]) -> ChunkBatch<Chunk> {
        var batch = ChunkBatch<Chunk>()
        var events = events
        events.decode(bytes) { data in
            if !batch.isLast { read(data, into: &batch) }
        }
        self.events = events
        return batch
    }

    private mutating func read(_ data: UnsafeBufferPointer<UInt8>, into batch: inout ChunkBatch<Chunk>) {
        eventCount += 1
        if data.elementsEqual("[DONE]".utf8) {
            batch.isDone = true
            return
        }
        do throws(VLLMError) {
            let chunk = try JSONView.read(data, orThrow: { malformed("is not JSON: \($0)", data) }) { view throws(VLLMError) in
                try makeChunk(view, data)
            }
            previous = chunk
            batch.chunks.append(chunk)
        } catch { batch.failure = error }
    }

    private func makeChunk(_ view: JSONView, _ data: UnsafeBufferPointer<UInt8>) throws(VLLMError) -> Chunk {
        // vLLM tells errors in streams as events of status 200, then sends [DONE] as if all were well.
        if let error = view["error"], !error.isNull, let told = ServerErrorMessage(view.value) {
            throw head.errorInBody(told, body: data)
        }
        do throws(MalformedField) {
            guard view["choices"] != nil else { throw MalformedField(missing: "choices") }
            return try Chunk(view, previous: previous, raw: keepsRaw ? view.value.object : nil)
        } catch { throw malformed("is not a chunk: \(error)", data) }
    }

    private func malformed(_ what: String, _ data: UnsafeBufferPointer<UInt8>) -> VLLMError {
        head.error(.malformedResponse, "event \(eventCount) of the stream \(what): \(data.excerpt(upTo: 200))", body: data)
    }
}
