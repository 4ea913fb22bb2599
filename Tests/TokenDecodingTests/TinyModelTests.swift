import JSON
import TestSupport
import Testing
import TokenDecoding

@Suite("The tiny model's tokenizer") struct TinyModelTests {
    private static let folder = "\(Recording.testsFolder)/TinyModel/model"

    /// The ids and the text of the first choice of a recorded answer, over all chunks if it was streamed.
    private static func recorded(_ name: String) throws -> (ids: [Int], text: String) {
        let recording = try Recording(name)
        let events = recording.events.filter { $0 != "[DONE]" }
        let chunks = events.isEmpty ? [try recording.responseJSON()] : try events.map { try JSONValue(parsing: $0) }
        let choices = chunks.compactMap { $0["choices"]?[0] }
        return (choices.flatMap { $0["token_ids"]?.array ?? [] }.compactMap(\.int), choices.compactMap { $0["text"]?.string }.joined())
    }

    @Test(
        "A recorded answer's text is what its token ids say",
        arguments: ["completion_return_token_ids", "completion_return_token_ids_stream", "full_generate_text", "full_generate_text_stream"])
    func recordings(name: String) throws {
        let (ids, text) = try Self.recorded(name)
        #expect(!ids.isEmpty)
        let decoder = try TokenDecoder(path: Self.folder)
        #expect(decoder.decode(ids) == text)
        var stream = decoder.stream()
        let pieces = ids.map { stream.append($0) } + [stream.finish()]
        #expect(pieces.joined() == text)
    }

    @Test("A recorded answer of a conversation is its reasoning and content between the marks of thinking")
    func chat() throws {
        let choice = try #require(try Recording("chat_return_token_ids").responseJSON()["choices"]?[0])
        let ids = (choice["token_ids"]?.array ?? []).compactMap(\.int)
        let reasoning = try #require(choice["message"]?["reasoning"]?.string)
        let content = try #require(choice["message"]?["content"]?.string)
        #expect(try TokenDecoder(path: Self.folder).decode(ids) == "<think>\(reasoning)</think>\(content)")
    }
}
