import JSON
import Testing

@Suite struct ParsingTests {
    @Test(
        "A document is read into the value it spells",
        arguments: [
            ("null", .null), (" true\n", true), ("false", false), ("0", 0), ("-12", -12), ("\"\"", ""), ("\"a b\"", "a b"), ("[]", []),
            ("{}", [:]), ("\r\n\t [ 1 , \"x\" , [ ] , { } ] \n", [1, "x", [], [:]]),
            (#"{"a":{"b":[null,{"c":true}]},"d":"e"}"#, ["a": ["b": [.null, ["c": true]]], "d": "e"]),
            (#"{"":1," ":[[[]]]}"#, ["": 1, " ": [[[]]]]), (#"{ "k" : "v" , "l" : [ 1 ] }"#, ["k": "v", "l": [1]]),
        ] as [(String, JSONValue)])
    func values(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test(
        "Escapes in strings and keys are resolved",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC\ud83d\ude00""#, "Aé€😀"), (#""\u0000""#, "\0"),
            (#""a\\""#, "a\\"), (#""\\\"""#, "\\\""), (#""日本語 \u65e5 🎉""#, "日本語 日 🎉"), (#""a\nb plain c\td""#, "a\nb plain c\td"),
            (#""\uFFFF\u007f""#, "\u{FFFF}\u{7F}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
        ])
    func escapes(text: String, expected: String) throws {
        let key = try JSONValue(parsing: "{ \(text) : [ \(text) , 1 , \(text) ] }")
        #expect(try JSONValue(parsing: text) == .string(expected))
        #expect(key == .object([expected: [.string(expected), 1, .string(expected)]]))
    }

    @Test("Of equal keys the last value counts, at the place of the first, in small objects and in large ones", arguments: [3, 40, 5000])
    func duplicates(count: Int) throws {
        let members = (0..<count).map { #""k\#($0)":\#($0)"# }
        let object = try #require(try JSONValue(parsing: "{\((members + [#""k1":"last""#]).joined(separator: ","))}").object)
        #expect(object.count == count)
        #expect(object[1].key == "k1")
        #expect(object["k1"] == "last")
        #expect(object["k2"] == 2)
    }

    @Test("Keys that differ in their spelling only are one key")
    func escapedDuplicates() throws {
        #expect(try JSONValue(parsing: #"{"a":1,"\u0061":2}"#).text == #"{"a":2}"#)
    }

    @Test("Nesting is read to the limit and refused beyond it", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depth(open: String, close: String) throws {
        func nested(_ levels: Int) -> String {
            String(repeating: open, count: levels) + (open == "[" ? "" : "1") + String(repeating: close, count: levels)
        }
        #expect(try JSONValue(parsing: nested(512)).text == nested(512))
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(513)) }
        #expect(error?.message == "nested more than 512 levels deep")
        #expect(error?.offset == 512 * open.utf8.count)
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: open, count: 1_000_000)) }
    }

    @Test("Bytes of any collection are read", arguments: [#"{"a":[1]}"#])
    func collections(text: String) throws {
        let expected: JSONValue = ["a": [1]]
        #expect(try JSONValue(parsing: Array(text.utf8)) == expected)
        #expect(try JSONValue(parsing: ("xx" + text).utf8.dropFirst(2)) == expected)
        #expect(try JSONValue(parsing: text.utf8.lazy.map { $0 }) == expected)
        #expect(try Array(text.utf8).withUnsafeBufferPointer { try JSONValue(parsing: $0) } == expected)
    }
}
