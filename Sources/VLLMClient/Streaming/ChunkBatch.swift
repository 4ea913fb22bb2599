/// What some bytes of an event stream come to.
struct ChunkBatch<Chunk> {
    /// The chunks, before whatever ended the stream.
    var chunks: [Chunk] = []
    /// Whether `[DONE]` has come.
    var isDone = false
    /// What is wrong behind the chunks.
    var failure: VLLMError?

    /// Whether nothing that comes later counts.
    var isLast: Bool { isDone || failure != nil }
}
