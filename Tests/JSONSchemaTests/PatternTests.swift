import JSONSchema
import Testing

@Suite struct PatternTests {
    @Test(
        "A text matches as a whole, or does not",
        arguments: [
            ("", [""], ["a"]),
            ("abc", ["abc"], ["ab", "abcd", "xabc", "ABC"]),
            ("a|bc|", ["a", "bc", ""], ["ab", "abc"]),
            ("a*b+c?", ["b", "aabbc"], ["a", "bcc"]),
            ("a*?b+?c??", ["b", "aabbc"], ["a", "bcc"]),
            ("(ab){2}", ["abab"], ["ab", "ababab"]),
            ("(?:ab){1,2}", ["ab", "abab"], ["", "ababab"]),
            ("(?<year>[0-9]{4})-(?P<month>[0-9]{2,})", ["2026-11", "2026-111"], ["2026-1", "26-11"]),
            ("a{0}b{0,0}", [""], ["a", "b"]),
            ("[a-cx_-]+", ["abcx_-"], ["d", ""]),
            ("[^a-c]", ["d", "\n", "é"], ["a", ""]),
            ("[.^$*+?(){}|/]+", [".^$*+?(){}|/"], ["a"]),
            (#"[\]\\\-]+"#, [#"]\-"#], ["a"]),
            (".", ["a", "\n", "😀", "\u{301}"], ["", "ab", "e\u{301}"]),
            (#"\d+\.\d\D"#, ["12.3x"], ["12,3x", "12.34", "१.३x"]),
            (#"\w\W\s\S"#, ["_- x", "9é\u{2003}ä"], ["éa b"]),
            (#"[\w.]+@[^\s@]+"#, ["a.b@c.d"], ["a@b c", "@"]),
            (#"\t\n\r\f\v\x41\u00e9\u{1F600}\U00000042"#, ["\t\n\r\u{C}\u{B}Aé😀B"], [""]),
            (#"\/\-\.\"\'\,"#, ["/-.\"',"], [""]),
            ("^a$", ["a"], ["a\n", "ba"]),
            ("^^(a|^b)$$", ["a", "b"], ["ab"]),
            (#"\bfoo\b.\Bbar"#, [], ["foo bar", "foobar"]),
            (#"foo\b \bbar"#, ["foo bar"], ["foo  bar"]),
            (#"fo\Bo"#, ["foo"], ["fo o"]),
            ("a{2,3}|}", ["aa", "aaa", "}"], ["a", "aaaa"]),
            ("(a*)*b", ["b", "aab"], ["aa"]),
            ("(|a)+", ["", "aaa"], ["b"]),
        ] as [(String, [String], [String])])
    func whole(pattern: String, matching: [String], others: [String]) throws {
        let compiled = try #require(Pattern(pattern))
        for text in matching { #expect(compiled.matchesWhole(text) == true, "\(text.debugDescription)") }
        for text in others { #expect(compiled.matchesWhole(text) == false, "\(text.debugDescription)") }
    }

    @Test(
        "A part of a text matches",
        arguments: [
            ("b", "abc", true), ("^b", "abc", false), ("c$", "abc", true), ("b$", "abc", false), ("", "", true), ("x*", "abc", true),
            (#"\bb"#, "a b", true), (#"\bb"#, "ab", false), ("^$", "", true), ("^$", "a", false), ("(ab)+c", "xababc", true),
        ])
    func part(pattern: String, text: String, expected: Bool) throws {
        #expect(try #require(Pattern(pattern)).matchesPart(of: text) == expected)
    }

    @Test(
        "What an automaton cannot do, dialects read differently, or is malformed, is not checked",
        arguments: [
            "(", ")", "(a", "a)", "[", "[a", "[]a]", "[^]", "*a", "a**", "a++", "a{2}{3}", "a{", "a{,3}", "a{3,2}", "{2}", "(?=a)", "(?!a)",
            "(?<=a)", "(?i)a", "(?P=a)", "(?P>a)", "(?<>a)", #"(a)\1"#, #"\p{L}"#, #"\Aa"#, #"a\Z"#, #"\"#, #"\x4"#, #"\u12"#,
            #"\u{110000}"#,
            #"\uD83D"#, "[b-a]", #"[\d-z]"#, "[[:alpha:]]", "[a&&b]", "a{99999}", "((a{1000}){1000}){1000}", "(((){10000}){10000}){10000}",
            "((((a{0}){10000}){10000}){10000}){10000}", String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000),
        ])
    func unsupported(pattern: String) {
        #expect(Pattern(pattern) == nil)
    }

    @Test("A match that would take long is not made")
    func limit() throws {
        let pattern = try #require(Pattern("(a|b){1000}"))
        #expect(pattern.matchesWhole(String(repeating: "a", count: 1000)) == true)
        #expect(pattern.matchesWhole(String(repeating: "a", count: 1_000_000)) == nil)
    }
}
