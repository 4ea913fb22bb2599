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
        let failure = whole.failure.map { "\($0)" }
        let data = recording.events.filter { $0 != "[DONE]" }
        let told = try data.map { try JSONValue(parsing: $0) }
        let chunks = told.prefix { $0["error"] == nil }
        #expect(whole.chunks.map(\.raw).map { $0.map { JSONValue.object($0) } } == chunks.map { $0 })
        #expect((whole.failure != nil) == (chunks.count < told.count))
        #expect(whole.isDone == (whole.failure == nil && recording.entry.ended == "complete"))
        for batches in [body.map { [$0] }] + splits(of: body) {
            let decoded = decode(type, batches, head)
            guard decoded.chunks == whole.chunks, decoded.isDone == whole.isDone, decoded.failure.map({ "\($0)" }) == failure else {
                Issue.record("batches of \(batches.prefix(3).map(\.count)) … bytes give something else")
                return
            }
        }
    }

    /// The body split in two at every byte; of long bodies at the bytes of the first and the last events only.
    private func splits(of body: [UInt8]) -> [[[UInt8]]] {
        let places = body.count <= 1200 ? Array(0...body.count) : Array(0...100) + Array((body.count - 100)...body.count)
        return places.map { [Array(body[..<$0]), Array(body[$0...])] }
    }

    private func decode<Chunk: DecodableChunk>(_ type: Chunk.Type, _ batches: [[UInt8]], _ head: AnswerHead) -> ChunkBatch<Chunk> {
        var decoder = ChunkDecoder<Chunk>(head: head, eventLimit: 1 << 20, keepsRaw: true)
        var all = ChunkBatch<Chunk>()
        for batch in batches where !all.isLast {
            let decoded = decoder.decode(batch)
            all.chunks += decoded.chunks
            (all.isDone, all.failure) = (decoded.isDone, decoded.failure)
        }
        return all
    }
}
