/// What some bytes of an event stream come to.
struct ChunkBatch<Chunk> {
    /// What ends a stream, so that nothing that comes later counts.
    enum End {
        /// `[DONE]` has come.
        case done
        /// Something is wrong behind the chunks.
        case failure(VLLMError)
    }

    /// The chunks, before whatever ended the stream.
    var chunks: [Chunk] = []
    /// What ended the stream.
    var end: End?
}
