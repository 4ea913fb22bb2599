import TestSupport
import Testing
import TokenDecoding
import VLLMClient

extension RealServer {
    @Suite("Decoding tokens without the server")
    struct TokenDecoderTests {
        private static let folder = "\(Recording.testsFolder)/TinyModel/model"

        @Test("any tokens have the text that the server gives them, also cut in the midst of characters")
        func detokenize() async throws {
            let decoder = try TokenDecoder(path: Self.folder)
            #expect(decoder.idCount == 1400)
            // Every token is in one of the lists, each with others before and behind it; the last ids have no token.
            let lists = (0..<40).map { start in (0..<36).map { (start + $0 * 39) % (decoder.idCount + 5) } }
            try await forEach(lists, atOnce: 8) { ids in
                let expected = try await RealServer.client.detokenize(ids, model: "tiny-chat")
                #expect(decoder.decode(ids, skipsSpecialTokens: false) == expected)
                var stream = decoder.stream(skipsSpecialTokens: false)
                var text = ids.map { stream.append($0) }.joined()
                text += stream.finish()
                #expect(text == expected)
            }
        }
    }
}
