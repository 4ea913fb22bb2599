import JSON
import TestSupport
import Testing
import TokenDecoding

@Suite struct FixtureTests {
    @Test("There are fixtures for every decoder")
    func count() {
        #expect(DecoderFixture.all.count == 19)
        #expect(DecoderFixture.all.allSatisfy { $0.cases.count == 16 })
    }

    @Test("Text is what Hugging Face's tokenizers make of the ids", arguments: DecoderFixture.all)
    func decode(fixture: DecoderFixture) throws {
        let decoder = try TokenDecoder(tokenizer: fixture.tokenizer)
        for example in fixture.cases {
            let text = decoder.decode(example.ids, skipsSpecialTokens: example.skipsSpecialTokens)
            #expect(Array(text.utf8) == Array(example.text.utf8), "\(example.ids)")
        }
    }

    @Test("A stream, split anywhere, gives the same text, and never takes anything back", arguments: DecoderFixture.all)
    func stream(fixture: DecoderFixture) throws {
        let decoder = try TokenDecoder(tokenizer: fixture.tokenizer)
        for example in fixture.cases {
            for split in 0...example.ids.count {
                var stream = decoder.stream(skipsSpecialTokens: example.skipsSpecialTokens)
                var text = stream.append(contentsOf: example.ids[..<split])
                for id in example.ids[split...] { text += stream.append(id) }
                text += stream.finish()
                #expect(Array(text.utf8) == Array(example.text.utf8), "\(example.ids) split at \(split)")
            }
        }
    }
}
