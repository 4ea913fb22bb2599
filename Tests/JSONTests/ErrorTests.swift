import JSON
import Testing

@Suite struct ErrorTests {
    @Test(
        "What is wrong is named, with its place",
        arguments: [
            ("", "expected a value, found the end of the text", 0), ("  ", "expected a value, found the end of the text", 2),
            ("[1,]", "expected a value, found `]`", 3), ("[,1]", "expected a value, found `,`", 1),
            ("[1 2]", "expected `,` or `]`, found `2`", 3), ("[1", "expected `,` or `]`, found the end of the text", 2),
            ("[1}", "expected `,` or `]`, found `}`", 2), (#"["a":1]"#, "expected `,` or `]`, found `:`", 4),
            ("{", "expected a key in quotation marks or `}`, found the end of the text", 1),
            (#"{"a":1,}"#, "expected a key in quotation marks, found `}`", 7),
            ("{a:1}", "expected a key in quotation marks or `}`, found `a`", 1), (#"{"a" 1}"#, "expected `:` behind the key, found `1`", 5),
            (#"{"a":}"#, "expected a value, found `}`", 5), (#"{"a":1 "b":2}"#, "expected `,` or `}`, found `\"`", 7),
            (#"{"a":1]"#, "expected `,` or `}`, found `]`", 6), (#"{"a":[}"#, "expected a value, found `}`", 6),
            ("1 2", "expected nothing more behind the value, found `2`", 2),
            ("[] []", "expected nothing more behind the value, found `[`", 3),
            ("{}}", "expected nothing more behind the value, found `}`", 2),
            (#""a"b"#, "expected nothing more behind the value, found `b`", 3),
            ("nul", "expected a value, found `nul`", 0), ("NaN", "expected a value, found `NaN`", 0),
            ("[True]", "expected a value, found `True`", 1),
            ("nullx", "expected a value, found `nullx`", 0), ("-Infinity", "expected a digit, found `I`", 1),
            ("'a'", "expected a value, found `'`", 0), ("// x", "expected a value, found `/`", 0),
            ("\u{1}", "expected a value, found the byte 0x01", 0),
            ("01", "a number may not begin with 0", 0), ("-01", "a number may not begin with 0", 1),
            ("+1", "expected a value, found `+`", 0),
            (".5", "expected a value, found `.`", 0), ("1.", "expected a digit, found the end of the text", 2),
            ("1.e5", "expected a digit, found `e`", 2),
            ("1e", "expected a digit, found the end of the text", 2), ("1e+", "expected a digit, found the end of the text", 3),
            ("-", "expected a digit, found the end of the text", 1), ("0x10", "expected nothing more behind the value, found `x`", 1),
            ("1.5.2", "expected nothing more behind the value, found `.`", 3), ("[1-2]", "expected `,` or `]`, found `-`", 2),
            (#"["abc]"#, "the string is not closed", 1), (#"["abc\"]"#, "the string is not closed", 1),
            (#"["abc\"#, "the string is not closed", 1),
            ("[\"a\nb\"]", "the control character 0x0A in a string must be escaped", 3),
            ("[\"\u{0}\"]", "the control character 0x00 in a string must be escaped", 2),
            (#"["\x41"]"#, "unknown escape: `x` behind a backslash", 2),
            (#"["\u12G4"]"#, "expected four hexadecimal digits behind `\\u`, found `G`", 6),
            (#"["\u12"]"#, "expected four hexadecimal digits behind `\\u`, found `\"`", 6),
            (#"["\ud83d"]"#, "the escape is half of a surrogate pair, which is no character", 2),
            (#"["\ude00\ud83d"]"#, "the escape is half of a surrogate pair, which is no character", 2),
            (#"["\ud83d\ud83d"]"#, "the escape is half of a surrogate pair, which is no character", 2),
            (#"["\ud83dx\ude00"]"#, "the escape is half of a surrogate pair, which is no character", 2),
            (#"{"\ud83d":1}"#, "the escape is half of a surrogate pair, which is no character", 2),
            ("\u{FEFF}{}", "a byte order mark is not part of JSON", 0),
        ])
    func places(text: String, message: String, offset: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error == JSONError(message: message, offset: offset, line: error.line, column: error.column))
    }

    @Test("Line and column count from 1, the column in bytes")
    func lines() throws {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\n  \"é\": 1,\r\n  \"ö\": x\n}") }
        #expect(error?.line == 3)
        #expect(error?.column == 9)
        #expect(error?.description == "expected a value, found `x` at line 3, column 9")
    }

    @Test(
        "Bytes that are not UTF-8 are refused where they stand",
        arguments: [[0x80], [0xC3], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88], [0xFF]]
            as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) throws {
        let text = Array("[\"ü\",\"".utf8) + bytes + Array("\"]".utf8)
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.message.hasPrefix("invalid UTF-8: the byte 0x") == true)
        #expect(error?.offset == 7)
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }
}
