import JSON
import TestSupport
import Testing
import TokenDecoding

@Suite struct ReadingTests {
    @Test(
        "A malformed tokenizer is refused, with what is wrong and where",
        arguments: [
            ("", "not JSON: expected a value, found the end of the text at line 1, column 1"),
            ("[]", "expected an object, found a value of type array"),
            ("{}", "model.vocab: expected the vocabulary, found nothing"),
            (
                #"{"model":{"vocab":7}}"#,
                "model.vocab: expected an object of tokens and ids, or an array of tokens and scores, found a value of type number"
            ),
            (#"{"model":{"vocab":{"a":"0"}}}"#, #"model.vocab: the token "a" has no id"#),
            (#"{"model":{"vocab":{"a":-1}}}"#, #"model.vocab: the token "a" has the id -1, but ids go from 0 to 4194304"#),
            (
                #"{"model":{"vocab":{"a":9000000000000000000}}}"#,
                #"model.vocab: the token "a" has the id 9000000000000000000, but ids go from 0 to 4194304"#
            ),
            (#"{"model":{"vocab":{"a":1,"b":1}}}"#, #"model.vocab: the id 1 belongs to two tokens, "a" and "b""#),
            (#"{"model":{"vocab":[["a",0.1],[1,"b"]]}}"#, "model.vocab: the entry 1 is no token with its score"),
            (#"{"model":{"vocab":{}},"added_tokens":{}}"#, "added_tokens: expected an array, found a value of type object"),
            (#"{"model":{"vocab":{}},"added_tokens":[{"id":1}]}"#, "added_tokens[0].content: expected a string, found nothing"),
            (
                #"{"model":{"vocab":{}},"added_tokens":[{"content":"a","id":1.5}]}"#,
                "added_tokens[0].id: expected a whole number, found a value of type number"
            ),
            (
                #"{"model":{"vocab":{}},"added_tokens":[{"content":"a","id":1,"special":1}]}"#,
                "added_tokens[0].special: expected true or false, found a value of type number"
            ),
            (#"{"model":{"vocab":{}},"decoder":{}}"#, "decoder.type: expected a string, found nothing"),
            (
                #"{"model":{"vocab":{}},"decoder":{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"CTC"}]}}"#,
                #"decoder.decoders[1].type: the decoder "CTC" is not known; known are BPEDecoder, ByteFallback, ByteLevel, Fuse, Metaspace, "#
                    + "Replace, Sequence, Strip, WordPiece"
            ),
            (
                #"{"model":{"vocab":{}},"decoder":{"type":"Metaspace","replacement":"__"}}"#,
                #"decoder.replacement: expected one character, found "__""#
            ),
            (
                #"{"model":{"vocab":{}},"decoder":{"type":"Metaspace","replacement":"_","prepend_scheme":"last"}}"#,
                #"decoder.prepend_scheme: expected always, first or never, found "last""#
            ),
            (
                #"{"model":{"vocab":{}},"decoder":{"type":"Replace","pattern":{"Regex":"a+"},"content":""}}"#,
                "decoder.pattern: a regular expression is not supported, only a `String`"
            ),
            (
                #"{"model":{"vocab":{}},"decoder":{"type":"Replace","pattern":{"String":""},"content":""}}"#,
                "decoder.pattern.String: expected a text, found an empty one"
            ),
            (
                #"{"model":{"vocab":{}},"decoder":{"type":"Strip","content":" ","start":-1,"stop":0}}"#,
                "decoder.start: expected a count, found -1"
            ),
            (#"{"model":{"vocab":{}},"decoder":{"type":"WordPiece"}}"#, "decoder.prefix: expected a string, found nothing"),
            (#"{"model":{"vocab":{}},"decoder":{"type":"BPEDecoder","suffix":""}}"#, "decoder.suffix: expected a text, found an empty one"),
        ])
    func malformed(file: String, expected: String) {
        let error = #expect(throws: TokenDecoderError.self) { try TokenDecoder(tokenizer: Array(file.utf8)) }
        #expect(error?.description == "tokenizer.json: \(expected)")
    }

    @Test("A huge count to strip takes no memory")
    func hugeStrip() throws {
        let strip: JSONValue = ["type": "Strip", "content": " ", "start": .integer(.max), "stop": .integer(.max)]
        #expect(try makeDecoder(["  a  "], decoder: strip).decode([0]) == "a")
    }

    @Test("Older files say `add_prefix_space`; without it, the space of the first word is dropped")
    func olderMetaspace() throws {
        func text(_ options: JSONObject) throws -> String {
            var decoder: JSONObject = ["type": "Metaspace", "replacement": "▁"]
            decoder.merge(options)
            return try makeDecoder(["▁a"], decoder: .object(decoder)).decode([0, 0])
        }
        #expect(try text([:]) == "a a")
        #expect(try text(["add_prefix_space": true]) == "a a")
        #expect(try text(["add_prefix_space": false]) == " a a")
        #expect(try text(["add_prefix_space": true, "prepend_scheme": "never"]) == " a a")
    }

    @Test("A model's folder is read with tokenizer_config.json, which names further special tokens")
    func folder() throws {
        try withTemporaryDirectory { folder in
            let file = #"{"model":{"vocab":{"a":0,"<eos>":1,"<pad>":2,"<img>":3,"<x>":4}},"added_tokens":[],"decoder":{"type":"Fuse"}}"#
            try writeFile("\(folder)/tokenizer.json", file.utf8)
            let all = [0, 1, 2, 3, 4, 5, 6]
            #expect(try TokenDecoder(path: folder).decode(all) == "a<eos><pad><img><x>")
            let configuration = #"""
                {"eos_token":"<eos>","pad_token":{"content":"<pad>","lstrip":false},"additional_special_tokens":["<img>"],
                "extra_special_tokens":{"image":"<x>"},"unk_token":null,
                "added_tokens_decoder":{"5":{"content":"<new>","special":true},"6":{"content":"<tool>","special":false}}}
                """#
            try writeFile("\(folder)/tokenizer_config.json", configuration.utf8)
            #expect(try TokenDecoder(path: folder).decode(all) == "a<tool>")
            #expect(try TokenDecoder(path: "\(folder)/tokenizer.json").decode(all) == "a<eos><pad><img><x>")

            try writeFile("\(folder)/tokenizer_config.json", #"{"added_tokens_decoder":{"x":{"content":"a"}}}"#.utf8)
            let error = #expect(throws: TokenDecoderError.self) { try TokenDecoder(path: folder) }
            #expect(error?.description == "tokenizer_config.json: added_tokens_decoder.x: expected the id of a token as key")
        }
    }

    @Test("A file that cannot be read is named")
    func missing() throws {
        try withTemporaryDirectory { folder in
            let none = #expect(throws: TokenDecoderError.self) { try TokenDecoder(path: "\(folder)/none") }
            #expect(none?.description == "\(folder)/none: cannot be read: No such file or directory")
            let empty = #expect(throws: TokenDecoderError.self) { try TokenDecoder(path: folder) }
            #expect(empty?.description == "\(folder)/tokenizer.json: cannot be read: No such file or directory")
        }
    }
}
