import JSON
import TestSupport
import Testing

@testable import VLLMSimulator

@Suite("The tokenizer of the tiny model")
struct TokenizerTests {
    @Test("its vocabulary is the model's, id by id")
    func vocabulary() throws {
        let file = try JSONValue(parsing: fileBytes("\(Recording.testsFolder)/TinyModel/model/tokenizer.json"))
        let vocabulary = try #require(file["model"]?["vocab"]?.object)
        #expect(Tokenizer.tiny.vocabularySize == vocabulary.count)
        for (name, id) in vocabulary { #expect(Tokenizer.tiny.name(of: try #require(id.int)) == name) }
    }

    @Test(
        "any text comes back from its tokens",
        arguments: [
            "", " ", "\n", "  a", "a  b\n\n c ", "don't you'll I'd 'tis", "x1y22 3.5e-7", "\t\r\n", "日本語 と emoji 👨‍👩‍👧‍👦!", "مرحبا\u{200F}",
            "e\u{301}\u{0}\u{7F}",
            "<think>x</think><|im_start|>a<|im_end|><|not_a_mark|><tool_call", String(repeating: "ab", count: 3000), "½ Ⅷ ² x²", "…—“”",
        ])
    func roundTrip(text: String) {
        let tokens = Tokenizer.tiny.encode(text)
        #expect(Array(Tokenizer.tiny.decode(tokens).utf8) == Array(text.utf8))
    }

    @Test("white space before a word keeps its last character for the word")
    func whiteSpace() {
        #expect(
            PreTokenizer.pieces(of: "a   b\n\n4 ").map { String(decoding: $0, as: UTF8.self) } == ["a", "  ", " b", "\n", "\n", "4", " "])
        #expect(PreTokenizer.pieces(of: "it's 12abc!?").map { String(decoding: $0, as: UTF8.self) } == ["it", "'s", " 12", "abc", "!?"])
    }

    @Test("a character split over tokens appears when its last byte is there")
    func splitCharacters() {
        var texts = TokenTexts()
        let pieces = Tokenizer.tiny.encode("🎉👍🏽!").map { texts.text(of: Tokenizer.tiny.bytes(of: $0)) }
        #expect(pieces.joined() == "🎉👍🏽!")
        #expect(pieces.contains(""))
        #expect(!pieces.contains { $0.unicodeScalars.contains("\u{FFFD}") })
    }
}
