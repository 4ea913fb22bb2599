import VLLMClient

/// An answer on its way: a stream of either endpoint, or one that came whole.
enum ChunkSource {
    case chat(ChatCompletionStream.Iterator)
    case completion(CompletionStream.Iterator)
    case whole(AnswerPart?)

    /// The parts that arrived since the last call, waiting for at least one; `nil` at the end.
    /// - Throws: `VLLMError`.
    mutating func next() async throws(VLLMError) -> [AnswerPart]? {
        switch self {
        case .chat(var iterator):
            self = .whole(nil)
            let chunks = try await iterator.nextBatch()
            self = .chat(iterator)
            return chunks?.map { AnswerPart($0) }
        case .completion(var iterator):
            self = .whole(nil)
            let chunks = try await iterator.nextBatch()
            self = .completion(iterator)
            return chunks?.map { AnswerPart($0) }
        case .whole(let part):
            self = .whole(nil)
            return part.map { [$0] }
        }
    }
}
