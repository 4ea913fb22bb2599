import JSON
import ProviderKit
import Testing

@Suite("Cutting the strings of debug events")
struct TruncationTests {
    @Test(
        "a long string keeps its first characters and says how many are gone",
        arguments: [
            ("hello", 5, "hello"),
            ("hello", 4, "hell... (truncated 1 chars)"),
            ("hello", 0, "... (truncated 5 chars)"),
            ("hello", -1, "... (truncated 5 chars)"),
            ("", 0, ""),
            ("日本語です", 3, "日本語... (truncated 2 chars)"),
            ("日本語", 3, "日本語"),
            ("naïve", 3, "naï... (truncated 2 chars)"),
        ])
    func strings(text: String, limit: Int, expected: String) {
        #expect(JSONValue.string(text).truncatingStrings(longerThan: limit) == .string(expected))
    }

    @Test("a character of several scalars is not cut in two")
    func clusters() {
        // The family is five scalars; the accent is one of its own.
        #expect(JSONValue.string("ab👩‍👩‍👧cd").truncatingStrings(longerThan: 4) == "ab... (truncated 7 chars)")
        #expect(JSONValue.string("ab👩‍👩‍👧cd").truncatingStrings(longerThan: 7) == "ab👩‍👩‍👧... (truncated 2 chars)")
        #expect(JSONValue.string("cafe\u{301}!").truncatingStrings(longerThan: 4) == "caf... (truncated 3 chars)")
        #expect(JSONValue.string("a\r\nb").truncatingStrings(longerThan: 2) == "a... (truncated 3 chars)")
    }

    @Test("one endless character is cut nevertheless")
    func endlessCharacter() {
        let zalgo = "a" + String(repeating: "\u{301}", count: 10_000)
        let cut = JSONValue.string(zalgo).truncatingStrings(longerThan: 180)
        #expect(cut.string?.unicodeScalars.count == 180 + "... (truncated 9821 chars)".count)
    }

    @Test("strings are cut at any depth, keys and other values stay")
    func nested() {
        let value: JSONValue = ["messages": [["content": "abcdef", "n": 123_456_789]], "a long key": .null, "flag": true]
        let expected: JSONValue = [
            "messages": [["content": "abc... (truncated 3 chars)", "n": 123_456_789]], "a long key": .null, "flag": true,
        ]
        #expect(value.truncatingStrings(longerThan: 3) == expected)
    }
}
