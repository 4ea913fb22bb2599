import RegularExpressions
import TestSupport
import Testing

@Suite("Regular expressions")
struct RegularExpressionTests {
    private func match(_ pattern: String, _ text: String, ignoresCase: Bool = false) throws -> String? {
        let expression = try RegularExpression(pattern, ignoresCase: ignoresCase)
        let bytes = Array(text.utf8)
        let found = bytes.withUnsafeBufferPointer { expression.firstMatch(in: $0) }
        var matcher = RegularExpression.Matcher(expression)
        // Twice, so that the second time goes through what the first has found out.
        for _ in 0..<2 {
            let matches = bytes.withUnsafeBufferPointer { matcher.matches($0) }
            #expect(matches == (found != nil), "\(pattern) in \(text)")
        }
        return found.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test(
        "the first match is found, and of those that begin there the longest",
        arguments: [
            ("b", "abc", "b"), ("", "abc", ""), ("a*", "baa", ""), ("a+", "baa", "aa"), ("ab|abc", "xabcd", "abc"), ("a.c", "abc", "abc"),
            ("a.c", "a\nc", nil), ("^b", "ab", nil), ("^a", "ab", "a"), ("b$", "ab", "b"), ("a$", "ab", nil), ("^$", "", ""),
            ("^$", "a", nil),
            ("x*$", "ab", ""), ("(ab)+", "cababx", "abab"), ("(?:a|b)c", "bc", "bc"), ("colou?r", "color", "color"), ("a{2}", "aaa", "aa"),
            ("a{2,}", "aaaa", "aaaa"), ("a{0,1}b", "aab", "ab"), ("a{2,3}?", "aaaa", "aaa"), ("x{", "x{", "x{"),
            ("{\"a\": ?1}", "{\"a\":1}", "{\"a\":1}"),
            ("[a-c]+", "xxbca", "bca"), ("[^a-c]+", "abxyc", "xy"), ("[]x]+", "a]x", "]x"), ("[a-]+", "b-a", "-a"),
            ("[\\]\\d]+", "x]5", "]5"),
            ("[a\\-c]+", "b-", "-"), ("\\d+", "ab123", "123"), ("\\D+", "12ab", "ab"), ("\\w+", "-a_1-", "a_1"), ("\\s", "a b", " "),
            ("\\S+", " ab ", "ab"), ("\\.", "a.b", "."), ("\\\\", "a\\b", "\\"), ("a\\tb", "a\tb", "a\tb"),
            ("\\bcat\\b", "concat cat", "cat"),
            ("\\bcat\\b", "concat", nil), ("\\Bcat", "concat", "cat"), ("(a|b)*c|d", "ababd", "d"), ("日.語", "日本語", "日本語"),
            ("^.{3}$", "日本語", "日本語"),
            ("[α-ω]+", "abγδ", "γδ"), ("[^α-ω]+", "γaé日😀δ", "aé日😀"), ("[\u{1F600}-\u{1F64F}]", "x😀", "😀"), ("é|è", "mère", "è"),
            ("[\u{D7F0}-\u{E010}]", "a\u{E000}", "\u{E000}"),
        ] as [(String, String, String?)])
    func finds(pattern: String, text: String, expected: String?) throws {
        #expect(try match(pattern, text) == expected)
    }

    @Test(
        "letters of either case are the same where that is wanted",
        arguments: [("hello", "HeLLo"), ("[a-f]+", "ABCDEF"), ("GRÜẞE", "grüße"), ("ПРИВЕТ", "привет"), ("[É]", "é")])
    func ignoresCase(pattern: String, text: String) throws {
        #expect(try match(pattern, text, ignoresCase: true) == text)
        #expect(try match(pattern, text) == nil)
    }

    @Test("a pattern that makes others try for ever takes no longer than the text")
    func hostile() throws {
        let text = String(repeating: "a", count: 20_000)
        for pattern in ["(a+)+$b", "(a|a)*b", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)x", "a{0,500}b", "((a{0,9}){0,9}){0,9}b"] {
            #expect(try match(pattern, String(text.prefix(200))) == nil, "\(pattern)")
        }
        var matcher = RegularExpression.Matcher(try RegularExpression("(a|a)*(a+)+b"))
        let bytes = Array(text.utf8)
        #expect(!bytes.withUnsafeBufferPointer { matcher.matches($0) })
    }

    @Test("bytes that are no UTF-8 match nothing, and hide nothing")
    func notUTF8() throws {
        let bytes: [UInt8] = [0xFF, 0x61, 0xC3, 0x28, 0x00, 0x62]
        for (pattern, expected) in [("a", 1..<2), (".", 1..<2), ("\\0b", 4..<6), ("^.", nil)] as [(String, Range<Int>?)] {
            let expression = try RegularExpression(pattern)
            let found = bytes.withUnsafeBufferPointer { expression.firstMatch(in: $0) }
            #expect(found == expected, "\(pattern)")
        }
    }

    @Test(
        "what is wrong with a pattern is told with its place",
        arguments: [
            ("a(b", "a `(` without its `)` at character 2 of the pattern"), ("a)", "a `)` without its `(` at character 2 of the pattern"),
            ("[a", "a `[` without its `]` at character 1 of the pattern"),
            ("*a", "nothing in front of `*` that it could repeat at character 1 of the pattern"),
            ("a\\", "a `\\` at the end at character 3 of the pattern"), ("\\1", "`\\1` is not known here at character 2 of the pattern"),
            ("[z-a]", "the range z-a runs backwards at character 5 of the pattern"),
            ("a{3,2}", "at least 3 and at most 2 times at character 2 of the pattern"),
            ("a{1001}", "more than 1000 times at character 2 of the pattern"),
            ("(?=a)", "a group that begins with `(?` other than `(?:` is not known here at character 3 of the pattern"),
            ("((a{1000}){1000}){1000}", "the pattern is too large at character 1 of the pattern"),
        ])
    func errors(pattern: String, message: String) {
        let error = #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
        #expect(error?.description == message)
    }

    @Test("groups in each other without end are refused, not followed")
    func deep() {
        let deep = String(repeating: "(", count: 100_000)
        #expect(throws: RegularExpressionError.self) { try RegularExpression(deep) }
    }

    @Test(
        "the bytes that every match has are known",
        arguments: [
            ("hello", "hello", true), ("a.hello.*b", "hello", false), ("(abc|d)ef", "ef", false), ("x(hello)+y", "hello", false),
            ("a?b?c?", "", false),
            ("^err$", "err", false), ("a\\.b", "a.b", true), ("日本", "日本", true), ("ab{0,2}", "a", false),
        ])
    func required(pattern: String, bytes: String, isLiteral: Bool) throws {
        let expression = try RegularExpression(pattern)
        #expect(String(decoding: expression.requiredBytes, as: UTF8.self) == bytes)
        #expect(expression.isLiteral == isLiteral)
    }

    @Test("where case is ignored they are small letters of ASCII")
    func requiredIgnoringCase() throws {
        let expression = try RegularExpression("HeLLÖ-World", ignoresCase: true)
        #expect(String(decoding: expression.requiredBytes, as: UTF8.self) == "-world")
        #expect(!expression.isLiteral)
    }
}
