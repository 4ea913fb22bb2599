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
        let reader = ChunkReader<Chunk>(head: head, keepsRaw: true)
        do throws(VLLMError) {
            let chunk = try reader.read(bytes[...], number: 1)
            guard let raw = chunk.raw else { fatalError("the event was not kept") }
            let again = try reader.read(JSONValue.object(raw).bytes[...], number: 1)
            require(again == chunk, "written and read again the chunk is another")
        } catch {
            require(error.message.utf8.count < 20_000, "the message repeats too much")
            require((error.body?.utf8.count ?? 0) <= AnswerHead.bodyLimit + 3, "the error holds too much of the body")
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
