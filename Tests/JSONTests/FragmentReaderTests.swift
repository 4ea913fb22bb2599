import Testing

@testable import JSON

@Suite struct FragmentReaderTests {
    /// What `body` reads of a text, and how far it comes.
    private func read<Value>(_ text: String, _ body: (inout JSONFragmentReader) -> Value) -> (value: Value, offset: Int) {
        read(Array(text.utf8), body)
    }

    private func read<Value>(_ text: [UInt8], _ body: (inout JSONFragmentReader) -> Value) -> (value: Value, offset: Int) {
        text.withUnsafeBufferPointer { text in
            var reader = JSONFragmentReader(text)
            return (body(&reader), reader.offset)
        }
    }

    @Test(
        "Strings are read and refused as the parser reads and refuses them",
        arguments: [
            "", "plain", "ü 日 😀", #"\n\t\"\\\/\b\f\r"#, #"\u00e9\ud83d\ude00"#, #"\ud83d"#, #"\q"#, #"\"#, "a\nb", "\u{7F}", #"\u0000"#,
            #"\\\"x"#,
        ])
    func strings(content: String) {
        let parsed = try? JSONValue(parsing: "\"\(content)\"").string
        let read = read(content + "\"") { $0.string() }
        #expect(read.value == parsed)
        #expect(read.value == nil || read.offset == content.utf8.count)
    }

    @Test("A string ends at the first quote that nothing escapes, and one that does not end is none")
    func ends() {
        let first = read(#"one\"two"three"#) { $0.string() }
        #expect(first.value == #"one"two"#)
        #expect(first.offset == 8)
        for text in ["three", #"three\"#, #"three\""#, ""] {
            let value = read(text) { $0.string() }.value
            #expect(value == nil)
        }
    }

    @Test(
        "Bytes that are no UTF-8 are no string",
        arguments: [[0xC3], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x61, 0x80]] as [[UInt8]])
    func invalid(content: [UInt8]) {
        for bytes in [content, content + Array(#"\n"#.utf8), Array(#"\n"#.utf8) + content] {
            let value = read(bytes + [UInt8(ascii: "\"")]) { $0.string() }.value
            #expect(value == nil)
        }
    }

    @Test(
        "Plain integers are read, and nothing else is",
        arguments: [
            ("]", []), ("0]", [0]), ("1,23,456]", [1, 23, 456]), ("999999999999999999]", [999_999_999_999_999_999]),
            ("9999999999999999999]", nil), ("01]", nil), ("-1]", nil), ("1.0]", nil), ("1e3]", nil), ("1 ]", nil), (" 1]", nil),
            ("1,]", nil),
            (",1]", nil), ("1", nil), ("", nil), ("1,", nil), ("a]", nil),
        ] as [(String, [Int]?)])
    func integers(content: String, expected: [Int]?) {
        let read = read(content) { $0.integers() }
        #expect(read.value == expected)
        #expect(expected == nil || read.offset == content.utf8.count - 1)
    }

    @Test(
        "Integers up to 255 are read as bytes, and nothing else is",
        arguments: [
            ("]", []), ("0]", [0]), ("255,0,97]", [255, 0, 97]), ("256]", nil), ("-1]", nil), ("00]", nil), ("1,]", nil), ("1", nil),
            ("", nil),
        ] as [(String, [UInt8]?)])
    func bytes(content: String, expected: [UInt8]?) {
        let read = read(content) { $0.bytes() }
        #expect(read.value == expected)
        #expect(expected == nil || read.offset == content.utf8.count - 1)
    }

    @Test("The bytes of a text are skipped where they are listed, each spelled plainly, and no others behind them")
    func listedBytes() {
        let text = "a\u{0}日\t~é"
        let list = text.utf8.map { "\($0)" }.joined(separator: ",")
        let end = "]" + String(repeating: "}", count: 40)
        let whole = read(list + end) { $0.skip(bytesOf: text) }
        #expect(whole.value)
        #expect(whole.offset == list.utf8.count)
        for other in [list + ",1" + end, list, list + "}" + end, "0" + list + end, "98" + list.dropFirst(2) + end, end] {
            let read = read(other) { $0.skip(bytesOf: text) }
            #expect(!read.value)
            #expect(read.offset == 0)
        }
        let ofNothing = read("]") { $0.skip(bytesOf: "") }.value
        #expect(ofNothing)
    }

    @Test(
        "Numbers are read as the parser reads them, up to where they end, and refused as it refuses them",
        arguments: [
            "0", "-0", "-0.0", "10", "-7.696446895599365", "0.00001561629505886230512", "-0.000015616295058862306", "1e5", "1E-3", "-1e+2",
            "-12.34567890123456", "0.123456789012345678", "1234567", "12345678", "123456789.1234567", "0.00000000", "-6.1234567:",
            "99999999999.99999999", "100000000000.00000001", "18446744073709551615", "18446744073709551616", "12345678901234567890123",
            "1e400", "5e-324", "00", "01", "-01", "1.", "-.5",
            ".5",
            "-", "+1", "1e", "1e+", "null", "",
        ])
    func numbers(literal: String) {
        let parsed = try? JSONValue(parsing: literal).double
        for end in ["", ",", "]", "}", "x"] {
            let read = read(literal + end) { $0.number() }
            // What is no number may begin with one.
            guard read.value == nil || read.offset == literal.utf8.count else { continue }
            #expect(read.value == parsed)
            #expect(read.value?.sign == parsed?.sign)
        }
    }

    @Test("Known bytes are skipped where they come next, and only as a whole")
    func known() {
        let (steps, isAtEnd) = read("abcd") { reader in
            (["", "b", "ab", "cde", "cd", "d", ""].map { reader.skip(Array($0.utf8)) }, reader.isAtEnd)
        }.value
        #expect(steps == [true, false, true, false, true, false, true])
        #expect(isAtEnd)
        let words = read("abc") { reader in
            [reader.isNext("abcd"), reader.isNext("abc"), reader.skip("b"), reader.skip("ab"), reader.isNext("c")]
        }
        #expect(words.value == [false, true, false, true, true])
        #expect(words.offset == 2)
        let ofNothing = read([]) { reader in [reader.skip([]), reader.skip([1]), reader.isAtEnd] }.value
        #expect(ofNothing == [true, false, true])
    }
}
