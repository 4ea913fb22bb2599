import VLLMClient

/// An answer on its way: a stream of either endpoint, or one that came whole.
struct ChunkSource {
    // One of them at most. They are read where they stand: taken out of an enumeration's payload, all that they hold would be copied.
    private var chat: ChatCompletionStream.Iterator?
    private var completion: CompletionStream.Iterator?
    private var answer: AnswerPart?

    static func chat(_ stream: ChatCompletionStream) -> ChunkSource { ChunkSource(chat: stream.makeAsyncIterator()) }

    static func completion(_ stream: CompletionStream) -> ChunkSource { ChunkSource(completion: stream.makeAsyncIterator()) }

    /// An answer that is there, or nothing.
    static func whole(_ answer: AnswerPart?) -> ChunkSource { ChunkSource(answer: answer) }

    /// The parts that arrived since the last call, waiting for at least one; `nil` at the end.
    /// - Parameter joining: which of them are one part.
    /// - Throws: `VLLMError`.
    mutating func next(joining: PartJoining) async throws(VLLMError) -> [AnswerPart]? {
        if let chunks = try await chat?.nextBatch() { return AnswerPart.parts(of: chunks, joining: joining) }
        if let chunks = try await completion?.nextBatch() { return AnswerPart.parts(of: chunks, joining: joining) }
        defer { answer = nil }
        return answer.map { [$0] }
    }
}
