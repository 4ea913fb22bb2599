import VLLMClient

/// An answer on its way: a stream of either endpoint, or one that came whole. A class, since all functions hand it on that wait for it.
final class ChunkSource {
    // One of them at most. They are read where they stand: taken out of an enumeration's payload, all that they hold would be copied. Nobody
    // else reads meanwhile, which need not be looked up for every token.
    @exclusivity(unchecked) private var chat: ChatCompletionStream.Iterator?
    @exclusivity(unchecked) private var completion: CompletionStream.Iterator?
    private var answer: [AnswerPart]?

    init(chat stream: ChatCompletionStream) { chat = stream.makeAsyncIterator() }

    init(completion stream: CompletionStream) { completion = stream.makeAsyncIterator() }

    /// An answer that is there, or nothing.
    init(whole answer: AnswerPart? = nil) { self.answer = answer.map { [$0] } }

    /// The parts that arrived since the last call, waiting for at least one; `nil` at the end.
    /// - Parameter joining: which of them are one part.
    /// - Throws: `VLLMError`.
    func next(joining: PartJoining) async throws(VLLMError) -> [AnswerPart]? {
        if let chunks = try await chat?.nextBatch() { return AnswerPart.parts(of: chunks, joining: joining) }
        if let chunks = try await completion?.nextBatch() { return AnswerPart.parts(of: chunks, joining: joining) }
        defer { answer = nil }
        return answer
    }
}
