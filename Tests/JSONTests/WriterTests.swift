import JSON
import Testing

@Suite struct WriterTests {
    @Test("Compact text has no spaces and keeps the order of keys")
    func compact() {
        let value: JSONValue = ["b": [1, -2, 1.5, true, false, .null, "x"], "a": [:], "": [], "n": .integer(.min), "m": .integer(.max)]
        #expect(value.text == #"{"b":[1,-2,1.5,true,false,null,"x"],"a":{},"":[],"n":-9223372036854775808,"m":9223372036854775807}"#)
        #expect(String(decoding: value.bytes, as: UTF8.self) == value.text)
        #expect("\(value)" == value.text)
    }

    @Test("Pretty text has a line for each element and member, indented by two spaces")
    func pretty() {
        let value: JSONValue = ["a": [1, ["b": .null]], "e": [], "o": [:], "s": "x"]
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "e": [],
                  "o": {},
                  "s": "x"
                }
                """)
    }

    @Test("Several escapes in a string of any length stand where they stood", arguments: 0..<20)
    func manyEscapes(length: Int) throws {
        for first in 0..<length {
            for second in first..<length {
                var characters = Array(repeating: "x", count: length)
                characters[first] = "\""
                characters[second] = "\n"
                let text = characters.joined()
                let escaped = characters.map { $0 == "\"" ? #"\""# : $0 == "\n" ? #"\n"# : $0 }.joined()
                #expect(JSONValue.string(text).text == "\"\(escaped)\"")
            }
        }
    }

    @Test("Quotation marks, backslashes and control characters are escaped, at every place in a string", arguments: 0..<20)
    func escapes(before: Int) throws {
        let escapes = [
            ("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\r", #"\r"#), ("\t", #"\t"#), ("\u{8}", #"\b"#), ("\u{C}", #"\f"#),
            ("\0", #"\u0000"#), ("\u{1F}", #"\u001f"#), ("\u{1}", #"\u0001"#),
        ]
        for (character, escape) in escapes {
            for after in [0, 1, 9] {
                let text = String(repeating: "a", count: before) + character + String(repeating: "é", count: after)
                let expected = "\"" + text.replacing(character, with: escape) + "\""
                #expect(JSONValue.string(text).text == expected)
                #expect(try JSONValue(parsing: expected) == .string(text))
            }
        }
    }

    @Test("Everything else stays as it is", arguments: [" !#[]^~\u{7F}/", "éüß", "日本語の文字列です。", "😀🎉👩‍👩‍👧‍👦", "\u{2028}\u{FFFF}\u{10FFFF}"])
    func unescaped(text: String) {
        #expect(JSONValue.string(text).text == "\"\(text)\"")
    }

    @Test("Integers are written digit by digit, at every length")
    func integers() {
        var number = 1
        while true {
            for value in [number, -number, number - 1, number + 1] { #expect(JSONValue.integer(value).text == value.description) }
            let (next, overflows) = number.multipliedReportingOverflow(by: 10)
            if overflows { break }
            number = next
        }
    }

    @Test("A writer puts pieces together, and keeps nothing when emptied")
    func pieces() {
        var writer = JSONWriter()
        writer.write(raw: #"{"a":"#)
        writer.write([1, 2] as JSONValue)
        writer.write(raw: Array(#","b":"#.utf8))
        writer.write("x\ny")
        writer.write(raw: repeatElement(UInt8(ascii: " "), count: 2))
        writer.write(-7)
        writer.write(raw: "}")
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == #"{"a":[1,2],"b":"x\ny"  -7}"#)
        let count = writer.withBytes { $0.count }
        #expect(count == text.utf8.count)
        #expect(writer.count == count)
        writer.removeAll()
        writer.write(raw: "[]")
        let after = writer.bytes
        #expect(after == Array("[]".utf8))
    }

    @Test(
        "A value is written whole, however much of it has to be escaped",
        arguments: ["", "a", "\u{1}", "\"", "\n"], [0, 1, 15, 16, 17, 1000, 100_000])
    func escapes(character: String, count: Int) throws {
        let value: JSONValue = ["k\u{2}": [.string(String(repeating: character, count: count)), 1, -1.5e300, .null, false, [:], []]]
        let bytes = value.bytes
        #expect(bytes == Array(value.text.utf8))
        #expect(try JSONValue(parsing: bytes) == value)
    }
}
