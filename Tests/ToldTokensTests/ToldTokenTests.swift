import JSON
import Testing

@testable import ToldTokens

@Suite("What is told of a token")
struct ToldTokenTests {
    /// Texts with the bytes that servers may tell of them: the text's own, others, none.
    static let tokens: [(text: String, bytes: [UInt8]?)] =
        ["", " the", "é", "日本", "，", "😀", "\u{FFFD}", "a\u{FFFD}", "a long token of more than fifteen bytes"].flatMap { text in
            [(text, Array(text.utf8)), (text, [0xC3]), (text, []), (text, nil)]
        }

    @Test("the bytes are those that it was made with, and stay so when the text changes", arguments: tokens)
    func bytes(text: String, bytes: [UInt8]?) {
        var token = TopLogprob(token: text, logprob: -1, bytes: bytes)
        #expect(token.token == text)
        #expect(token.bytes == bytes)
        token.token = "other"
        #expect(token.token == "other")
        #expect(token.bytes == bytes)
        token.bytes = Array("other".utf8)
        #expect(token == TopLogprob(token: "other", logprob: -1, bytes: Array("other".utf8)))
        token.bytes = nil
        #expect(token.bytes == nil)
    }

    @Test("the bytes are read as they are listed", arguments: tokens.filter { $0.bytes != nil })
    func reading(text: String, bytes: [UInt8]?) throws {
        let bytes = try #require(bytes)
        let list = Array((bytes.map { "\($0)" }.joined(separator: ",") + "]}").utf8)
        let (token, offset) = list.withUnsafeBufferPointer { list in
            var reader = JSONFragmentReader(list)
            return (ToldToken(text, bytes: &reader), reader.offset)
        }
        #expect(token?.text == text)
        #expect(token?.bytes == bytes)
        #expect(token?.byteCount == bytes.count)
        #expect(offset == list.count - 2)
    }

    @Test(
        "what is no list of bytes is refused, also where it begins with those of the text",
        arguments: ["97,98", "97,98,", "97,98,]", "97,098]", "97,98.0]", "97, 98]", "97,256]", "97,-98]", ""])
    func malformed(list: String) {
        let token = Array(list.utf8).withUnsafeBufferPointer { list in
            var reader = JSONFragmentReader(list)
            return ToldToken("ab", bytes: &reader)
        }
        #expect(token == nil)
    }

    @Test("bytes of the text take no memory of their own, unless the text has a broken character, which does not tell them")
    func storage() {
        #expect(ToldToken("日本", bytes: Array("日本".utf8)).hasBytesOfText)
        #expect(ToldToken("，", bytes: Array("，".utf8)).hasBytesOfText)
        #expect(!ToldToken("a\u{FFFD}", bytes: Array("a\u{FFFD}".utf8)).hasBytesOfText)
        #expect(!ToldToken("a", bytes: nil).hasBytesOfText)
    }

    @Test("ids, ranks and members that are not known are kept beside each other")
    func rest() {
        var token = TopLogprob(token: "a", logprob: -1, tokenID: 7)
        #expect((token.tokenID, token.rank) == (7, nil))
        token.rank = 2
        token.additional = ["x": 1]
        #expect((token.tokenID, token.rank) == (7, 2))
        #expect(token.additional == ["x": 1])
        #expect(token != TopLogprob(token: "a", logprob: -1, tokenID: 7, rank: 2))
        token.additional = [:]
        #expect(token == TopLogprob(token: "a", logprob: -1, tokenID: 7, rank: 2))
        #expect(token.hashValue == TopLogprob(token: "a", logprob: -1, tokenID: 7, rank: 2).hashValue)
        (token.tokenID, token.rank) = (nil, nil)
        #expect(token == TopLogprob(token: "a", logprob: -1))
    }

    @Test("tokens of canonically equivalent texts are others where their bytes are")
    func equivalence() {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        #expect(
            TopLogprob(token: composed, logprob: 0, bytes: Array(composed.utf8))
                != TopLogprob(token: decomposed, logprob: 0, bytes: Array(decomposed.utf8)))
    }
}
