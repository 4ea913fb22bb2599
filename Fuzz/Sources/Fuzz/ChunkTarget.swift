import HTTPTransport
import JSON
import Redaction

@testable import VLLMClient

extension FuzzTarget {
    /// Events and whole answers of both endpoints, and bodies of errors: read or refused, and what was read reads the same once more.
    static let chunk = FuzzTarget { bytes in
        check(ChatCompletionChunk.self, bytes)
        check(CompletionChunk.self, bytes)
        checkAnswer(ChatCompletion.self, bytes) { $0.raw }
        checkAnswer(Completion.self, bytes) { $0.raw }
        let told = ServerErrorMessage(body: bytes)
        require(told.map { $0.message.utf8.count <= ServerErrorMessage.messageLimit + 3 } ?? true, "the server's message is too long")
        _ = head.statusError(body: bytes)
    }

    static let head = AnswerHead(HTTPResponse(status: 200, headers: [:], body: HTTPBody(EmptyBody()))) {
        Redactor(secrets: ["secret-key-of-the-server"])
    }

    private static func check<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ bytes: [UInt8]) {
        do throws(VLLMError) {
            let chunk = try read(type, bytes)
            guard let raw = chunk.raw else { fatalError("the event was not kept") }
            let again = try read(type, JSONValue.object(raw).bytes)
            require(again == chunk, "written and read again the chunk is another")
        } catch {
            require(error.message.utf8.count < 20_000, "the message repeats too much")
            require((error.body?.utf8.count ?? 0) <= AnswerHead.bodyLimit + 3, "the error holds too much of the body")
        }
        checkTemplates(type, bytes)
    }

    private static func read<Chunk: DecodableChunk>(_ type: Chunk.Type, _ event: [UInt8]) throws(VLLMError) -> Chunk {
        var reader = ChunkReader<Chunk>(head: head, keepsRaw: true)
        var chunks: [Chunk] = []
        try reader.read(event[...], number: 1, to: &chunks)
        return chunks[0]
    }

    /// Of events one behind the other, a line each, a reader that has read those before makes what one makes that has not.
    private static func checkTemplates<Chunk: DecodableChunk & Equatable>(_ type: Chunk.Type, _ bytes: [UInt8]) {
        var reader = ChunkReader<Chunk>(head: head, keepsRaw: false)
        for event in bytes.split(separator: UInt8(ascii: "\n")) {
            var fresh = ChunkReader<Chunk>(head: head, keepsRaw: false)
            var (read, expected): ([Chunk], [Chunk]) = ([], [])
            try? reader.read(event, number: 1, to: &read)
            try? fresh.read(event, number: 1, to: &expected)
            require(read == expected, "behind other events the chunk is another")
        }
    }

    private static func checkAnswer<Answer: DecodableResponse & Equatable>(
        _ type: Answer.Type, _ bytes: [UInt8], raw: (Answer) -> JSONObject
    ) {
        let decoder = ResponseDecoder(head: head)
        do throws(VLLMError) {
            let answer: Answer = try decoder.decode(bytes)
            let again: Answer = try decoder.decode(JSONValue.object(raw(answer)).bytes)
            require(again == answer, "written and read again the answer is another")
        } catch {
            require(error.message.utf8.count < 20_000, "the message repeats too much")
        }
    }
}

/// A body of nothing.
private final class EmptyBody: HTTPBodySource {
    func next(by limit: ReadLimit?) async throws(TransportError) -> [UInt8]? { nil }
    func cancel() {}
}
