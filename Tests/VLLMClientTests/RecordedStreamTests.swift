import HTTPTransport
import JSON
import TestSupport
import Testing

@testable import VLLMClient

@Suite("Recorded streams")
struct RecordedStreamTests {
    @Test("give the same chat chunks at every split", arguments: Recording.streams("/v1/chat/completions"))
    func chat(name: String) throws { try check(ChatCompletionChunk.self, Recording(name)) }

    @Test("give the same completion chunks at every split", arguments: Recording.streams("/v1/completions"))
    func completion(name: String) throws { try check(CompletionChunk.self, Recording(name)) }

    private func check<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ recording: Recording) throws {
        let body = try #require(recording.response).body
        let head = try recording.head
        let whole = decode(type, [body], head)
        let data = recording.events.filter { $0 != "[DONE]" }
        let told = try data.map { try JSONValue(parsing: $0) }
        let chunks = told.prefix { $0["error"] == nil }
        #expect(whole.chunks.map(\.raw).map { $0.map { JSONValue.object($0) } } == chunks.map { $0 })
        #expect((whole.failure != nil) == (chunks.count < told.count))
        #expect(whole.isDone == (whole.failure == nil && recording.entry.ended == "complete"))
        // One byte at a time; of long bodies the first 6 KiB.
        let long = Array(body.prefix(6 << 10))
        let (wholly, bytewise) = (decode(type, [long], head), decode(type, long.map { [$0] }, head))
        let isSame = bytewise.chunks == wholly.chunks && bytewise.isDone == wholly.isDone
        #expect(isSame)
        #expect(bytewise.failure.map { "\($0)" } == wholly.failure.map { "\($0)" })
        // The first events, split in two at every byte.
        let beginning = Array(body.prefix(500))
        let expected = decode(type, [beginning], head).chunks
        for place in beginning.indices {
            let halves = decode(type, [Array(beginning[..<place]), Array(beginning[place...])], head).chunks
            guard halves != expected else { continue }
            Issue.record("split at \(place) it gives something else")
            return
        }
    }

    private func decode<Chunk: DecodableChunk>(_ type: Chunk.Type, _ batches: [[UInt8]], _ head: AnswerHead) -> ChunkBatch<Chunk> {
        var decoder = ChunkDecoder<Chunk>(head: head, eventLimit: 1 << 20, keepsRaw: true)
        var all = ChunkBatch<Chunk>()
        for batch in batches where all.end == nil {
            let decoded = decoder.decode(batch)
            all.chunks += decoded.chunks
            all.end = decoded.end
        }
        return all
    }
}

extension ChunkBatch {
    fileprivate var isDone: Bool {
        if case .done = end { true } else { false }
    }

    fileprivate var failure: VLLMError? {
        if case .failure(let error) = end { error } else { nil }
    }
}
