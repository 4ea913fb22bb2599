import JSON
import TestSupport
import Testing
import TokenDecoding

/// A tokenizer with this vocabulary, whose ids are the places in it, and this decoder.
func makeDecoder(_ tokens: [String], decoder: JSONValue, special: [String] = []) throws -> TokenDecoder {
    let vocabulary = JSONObject(tokens.enumerated().map { ($1, .integer($0)) })
    let added = special.enumerated().map { index, text -> JSONValue in
        ["id": .integer(tokens.count + index), "content": .string(text), "special": true]
    }
    let file: JSONValue = ["added_tokens": .array(added), "decoder": decoder, "model": ["type": "BPE", "vocab": .object(vocabulary)]]
    return try TokenDecoder(tokenizer: Array(file.text.utf8))
}

@Suite struct StreamTests {
    static let byteLevel: JSONValue = ["type": "ByteLevel"]
    static let fallback: JSONValue = ["type": "Sequence", "decoders": [["type": "ByteFallback"], ["type": "Fuse"]]]

    /// A token for every byte, in the spelling of the decoder; the ids are the bytes.
    static func byteTokens(_ decoder: JSONValue) -> [String] {
        (UInt8.min...UInt8.max).map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return decoder == byteLevel ? ByteLevelAlphabet.text(of: [byte]) : "<0x\(byte < 16 ? "0" : "")\(hex)>"
        }
    }

    @Test("A character that is split over tokens is shown when it is whole", arguments: [byteLevel, fallback])
    func characters(decoderJSON: JSONValue) throws {
        let decoder = try makeDecoder(Self.byteTokens(decoderJSON), decoder: decoderJSON)
        var stream = decoder.stream()
        let pieces = "aé€😀".utf8.map { stream.append(Int($0)) }
        #expect(pieces == ["a", "", "é", "", "", "€", "", "", "", "😀"])
        #expect(stream.finish() == "")
    }

    @Test(
        "A byte becomes U+FFFD as soon as it can begin no character",
        arguments: [
            ([0xFF, 0x41], ["\u{FFFD}", "A"], ""),
            ([0x80], ["\u{FFFD}"], ""),
            ([0xC3, 0x41], ["", "\u{FFFD}A"], ""),
            ([0xC3, 0xC3, 0xA9], ["", "\u{FFFD}", "é"], ""),
            ([0xC0, 0xAF], ["\u{FFFD}", "\u{FFFD}"], ""),
            ([0xF5, 0x80], ["\u{FFFD}", "\u{FFFD}"], ""),
            ([0xE0, 0x80], ["", "\u{FFFD}\u{FFFD}"], ""),
            ([0xED, 0xA0, 0x80], ["", "\u{FFFD}\u{FFFD}", "\u{FFFD}"], ""),
            ([0xF4, 0x90], ["", "\u{FFFD}\u{FFFD}"], ""),
            ([0xC3], [""], "\u{FFFD}"),
        ] as [([Int], [String], String)])
    func replacement(bytes: [Int], expected: [String], rest: String) throws {
        for decoderJSON in [Self.byteLevel, Self.fallback] {
            let decoder = try makeDecoder(Self.byteTokens(decoderJSON), decoder: decoderJSON)
            var stream = decoder.stream()
            let pieces = bytes.map { stream.append($0) }
            #expect(pieces == expected)
            #expect(stream.finish() == rest)
        }
    }

    @Test("A character that lacks its end is one U+FFFD over letters of bytes, and one for each byte over tokens of bytes")
    func unfinished() throws {
        let bytes = [0xF0, 0x9F, 0x98]
        let byteLevel = try makeDecoder(Self.byteTokens(Self.byteLevel), decoder: Self.byteLevel)
        #expect(byteLevel.decode(bytes) == "\u{FFFD}")
        let fallback = try makeDecoder(Self.byteTokens(Self.fallback), decoder: Self.fallback)
        #expect(fallback.decode(bytes) == "\u{FFFD}\u{FFFD}\u{FFFD}")
        #expect(fallback.decode([0xC3, 0xA9] + bytes) == "é\u{FFFD}\u{FFFD}\u{FFFD}", "a character that was shown stays")
    }

    @Test("The space before the first word of an answer is there when the prompt is known")
    func afterPrompt() throws {
        let tokens = ["▁Hello", "▁there", "▁"]
        let decoders: [JSONValue] = [
            ["type": "Metaspace", "replacement": "▁"],
            [
                "type": "Sequence",
                "decoders": [
                    ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "Fuse"],
                    ["type": "Strip", "content": " ", "start": 1, "stop": 0],
                ],
            ],
        ]
        for decoderJSON in decoders {
            let decoder = try makeDecoder(tokens, decoder: decoderJSON)
            var first = decoder.stream()
            let start = first.append(0)
            #expect(start == "Hello")
            let next = first.append(contentsOf: [1, 2])
            #expect(next == " there ")
            var second = decoder.stream(after: [0])
            let middle = second.append(1)
            #expect(middle == " there")
        }
    }

    @Test("A character that the prompt began is finished in the answer")
    func promptBeginsCharacter() throws {
        let decoder = try makeDecoder(Self.byteTokens(Self.byteLevel), decoder: Self.byteLevel)
        var stream = decoder.stream(after: [0x41, 0xC3])
        #expect(stream.append(0xA9) == "é")
    }

    @Test("Spaces that may be stripped from the end wait for what follows; a suffix for the next token")
    func heldBack() throws {
        let strip: JSONValue = [
            "type": "Sequence", "decoders": [["type": "Fuse"], ["type": "Strip", "content": " ", "start": 0, "stop": 1]],
        ]
        var stream = try makeDecoder(["a ", " ", "b"], decoder: strip).stream()
        let stripped = [0, 1, 2, 1].map { stream.append($0) } + [stream.finish()]
        #expect(stripped == ["a", " ", " b", "", ""])

        var words = try makeDecoder(["the</w>", "c"], decoder: ["type": "BPEDecoder", "suffix": "</w>"]).stream()
        let ended = [0, 1, 0].map { words.append($0) } + [words.finish()]
        #expect(ended == ["the", " c", "the", ""])
    }

    @Test("Special tokens are left out, and are there when asked for; ids without a token have no text")
    func specialTokens() throws {
        let decoder = try makeDecoder(["Ġa"], decoder: Self.byteLevel, special: ["<s>", "<｜end▁of▁text｜>"])
        let ids = [1, 0, 2, 7, -1, .max, .min]
        #expect(decoder.decode(ids) == " a")
        #expect(decoder.decode(ids, skipsSpecialTokens: false) == "<s> a<｜end▁of▁text｜>")
        #expect(decoder.idCount == 3)
        #expect([0, 1, 2, 3, -1].map(decoder.isSpecial) == [false, true, true, false, false])
        #expect([0, 2, 3, -1].map { decoder.token(of: $0) } == ["Ġa", "<｜end▁of▁text｜>", nil, nil])
    }

    @Test(
        "The bytes of a token are what it adds in the midst of a text",
        arguments: [
            (["type": "ByteLevel"], "Ġé", [0x20, 0xE9]),
            (["type": "ByteFallback"], "<0xE2>", [0xE2]),
            (["type": "ByteFallback"], "<0xE>", Array("<0xE>".utf8)),
            (["type": "Metaspace", "replacement": "▁"], "▁a", Array(" a".utf8)),
            (["type": "Replace", "pattern": ["String": "▁"], "content": "__"], "▁a▁", Array("__a__".utf8)),
            (["type": "WordPiece", "prefix": "##"], "##ing", Array("ing".utf8)),
            (["type": "WordPiece", "prefix": "##"], "cat", Array(" cat".utf8)),
            (["type": "BPEDecoder", "suffix": "</w>"], "cat</w>", Array("cat ".utf8)),
            (["type": "Strip", "content": " ", "start": 1, "stop": 0], " a", Array(" a".utf8)),
            (.null, "a", Array(" a".utf8)),
        ] as [(JSONValue, String, [UInt8])])
    func bytes(decoderJSON: JSONValue, token: String, expected: [UInt8]) throws {
        let decoder = try makeDecoder([token], decoder: decoderJSON)
        #expect(decoder.bytes(of: 0) == expected)
        #expect(decoder.bytes(of: 1) == nil)
    }
}
