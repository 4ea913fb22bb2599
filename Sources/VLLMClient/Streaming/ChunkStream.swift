public import HTTPTransport
import Synchronization

/// The chunks of a streamed chat completion.
public typealias ChatCompletionStream = ChunkStream<ChatCompletionChunk>

/// The chunks of a streamed completion.
public typealias CompletionStream = ChunkStream<CompletionChunk>

/// A streamed answer: chunks as they arrive, read once.
///
/// Nothing is read ahead: reading slowly slows the server down. Dropping the stream and its iterator before the end, or cancelling the
/// task that waits, closes the connection at once, upon which vLLM stops generating.
public struct ChunkStream<Chunk: Sendable>: AsyncSequence, Sendable {
    /// A chunk.
    public typealias Element = Chunk
    /// What ends a stream before its end.
    public typealias Failure = VLLMError
    /// Reads more bytes of the stream.
    typealias Decode = ([UInt8]) -> ChunkBatch<Chunk>

    private let body: HTTPBody
    private let head: AnswerHead
    private let timing: StreamTiming
    /// Makes the decoder when reading starts. It is a closure made where `Chunk` is known, so that the code for each chunk is not generic.
    private let makeDecode: @Sendable () -> Decode
    private let reading = SinglePass()

    init(_ body: HTTPBody, _ head: AnswerHead, _ timing: StreamTiming, makeDecode: @escaping @Sendable () -> Decode) {
        self.body = body
        self.head = head
        self.timing = timing
        self.makeDecode = makeDecode
    }

    /// The status of the answer.
    public var status: Int { head.status }

    /// The header fields of the answer.
    public var headers: HTTPHeaders { head.headers }

    /// The one way through the stream; reading with a second iterator is an error.
    public func makeAsyncIterator() -> Iterator {
        Iterator(body, head, timing, makeDecode(), isFirst: reading.begin())
    }

    /// Reads one chunk or one batch of chunks after the other.
    public struct Iterator: AsyncIteratorProtocol {
        private enum Phase {
            case reading
            case failing(VLLMError)
            case draining
            case finished
        }

        private let body: HTTPBody
        private var bytes: HTTPBody.Iterator
        private let decode: Decode
        private let head: AnswerHead
        private let timing: StreamTiming
        private var phase: Phase
        private var batch: ArraySlice<Chunk> = []
        private var chunkCount = 0
        /// The beginning of what came, as long as no chunk has: it may be something else than a stream.
        private var opening: [UInt8] = []

        fileprivate init(
            _ body: HTTPBody, _ head: AnswerHead, _ timing: StreamTiming, _ decode: @escaping Decode, isFirst: Bool
        ) {
            self.body = body
            bytes = body.makeAsyncIterator()
            self.decode = decode
            self.head = head
            self.timing = timing
            phase = isFirst ? .reading : .failing(VLLMError(.invalidRequest, "the stream is read a second time: it can be read once"))
        }

        /// All chunks that have arrived since the last call, at least one; `nil` after the last.
        /// - Throws: `VLLMError`, after all chunks before it were handed out: `.errorInBody` for what the server says went wrong,
        ///   `.streamEndedEarly` where the bytes end without `[DONE]`, `.malformedResponse`, `.transport`.
        @_specialize(exported:true,where Chunk == ChatCompletionChunk)
        @_specialize(exported:true,where Chunk == CompletionChunk)
        public mutating func nextBatch() async throws(VLLMError) -> [Chunk]? {
            // Specialized: a generic function that waits looks its layout up in tables at each call, which costs as much as decoding.
            if let left = takeLeft() { return left }
            // One limit for all that is read until there is an event with data: comments do not prolong it.
            let limit = timing.limit(chunkCount: chunkCount)
            while isReading {
                let read: [UInt8]?
                do { read = try await bytes.next(by: limit) } catch {
                    phase = .finished
                    throw head.error(error)
                }
                let chunks = take(read)
                if !chunks.isEmpty { return chunks }
            }
            return try await end()
        }

        /// The next chunk, or `nil` after the last.
        /// - Throws: `VLLMError`, as `nextBatch` does.
        public mutating func next() async throws(VLLMError) -> Chunk? {
            if batch.isEmpty {
                guard let next = try await nextBatch() else { return nil }
                batch = next[...]
            }
            return batch.popFirst()
        }

        /// The next chunk, or `nil` after the last.
        /// - Throws: `VLLMError`, as `nextBatch` does.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(VLLMError) -> Chunk? {
            try await next()
        }

        private var isReading: Bool {
            if case .reading = phase { true } else { false }
        }

        /// What `next` has left of a batch.
        private mutating func takeLeft() -> [Chunk]? {
            guard !batch.isEmpty else { return nil }
            defer { batch = [] }
            return Array(batch)
        }

        /// The chunks that some bytes complete; `nil` is the end of the bytes.
        private mutating func take(_ read: [UInt8]?) -> [Chunk] {
            guard let read else {
                phase = .failing(head.endedEarly(chunkCount: chunkCount, opening: opening))
                return []
            }
            if chunkCount == 0 { opening += read.prefix(AnswerHead.bodyLimit - opening.count) }
            let decoded = decode(read)
            chunkCount += decoded.chunks.count
            if chunkCount > 0 { opening = [] }
            switch decoded.end {
            case .failure(let error): phase = .failing(error)
            case .done: phase = .draining
            case nil: break
            }
            return decoded.chunks
        }

        /// What comes behind the last chunk.
        private mutating func end() async throws(VLLMError) -> [Chunk]? {
            let last = phase
            phase = .finished
            switch last {
            case .failing(let error): throw error
            case .draining: await body.drain()
            case .reading, .finished: break
            }
            return nil
        }
    }
}

@available(*, unavailable)
extension ChunkStream.Iterator: Sendable {}

/// Lets the first of several readers pass.
private final class SinglePass: Sendable {
    private let hasBegun = Atomic(false)

    /// Whether this is the first call.
    func begin() -> Bool { !hasBegun.exchange(true, ordering: .relaxed) }
}
