import Testing

@testable import Comparison

@Suite("The difference of two texts")
struct TextDiffTests {
    @Test(
        "Words are compared as a whole, removed before added",
        arguments: [
            ("The answer is 4.", "The answer is 5.", ["=The answer is ", "-4", "+5", "=."]),
            ("a b", "a b", ["=a b"]),
            ("", "", []),
            ("", "new", ["+new"]),
            ("old", "", ["-old"]),
            ("the quick brown fox", "the slow red fox", ["=the ", "-quick brown", "+slow red", "= fox"]),
            ("one two", "one, two", ["=one", "+,", "= two"]),
            ("l1\nl2", "l1\nl3", ["=l1\n", "-l2", "+l3"]),
            ("東京は晴れ", "東京は雨", ["=東京は", "-晴れ", "+雨"]),
            ("naïve idea", "naïf idea", ["-naïve", "+naïf", "= idea"]),
        ] as [(String, String, [String])])
    func words(_ old: String, _ new: String, _ expected: [String]) {
        let diff = TextDiff(old: old, new: new)
        #expect(diff.edits.map(Self.sign) == expected)
        #expect(diff.unit == .word)
        #expect(diff.isSame == (old == new))
        #expect((diff.similarity == 1) == (old == new))
        #expect(Self.text(diff, without: .added) == old)
        #expect(Self.text(diff, without: .removed) == new)
    }

    @Test("Texts that differ in their bytes alone differ")
    func normalisation() {
        let diff = TextDiff(old: "caf\u{E9}", new: "cafe\u{301}")
        #expect(!diff.isSame)
        #expect(diff.similarity < 1)
    }

    @Test("What texts have in common is from 0 to 1", arguments: [("abc", "xyz", 0), ("", "", 1), ("aa bb", "aa cc", 0.6)])
    func similarity(_ old: String, _ new: String, _ expected: Double) {
        #expect(abs(TextDiff(old: old, new: new).similarity - expected) < 1e-9)
    }

    @Test("Tokens are compared one by one")
    func tokens() {
        let diff = TextDiff(oldTokens: ["The", " an", "swer"], newTokens: ["The", " answer"])
        #expect(diff.unit == .token)
        #expect(diff.edits.map(Self.sign) == ["=The", "- answer", "+ answer"])
    }

    @Test("Long texts are compared by lines, and come back whole")
    func lines() {
        let line = String(repeating: "x", count: 1 << 18) + "\n"
        let old = line + line + "a\n" + line + line
        let new = line + line + "b\n" + line + line
        let diff = TextDiff(old: old, new: new)
        #expect(diff.unit == .line)
        #expect(diff.edits.filter { $0.kind != .same }.map(Self.sign) == ["-a\n", "+b\n"])
        let (oldText, newText) = (Self.text(diff, without: .added), Self.text(diff, without: .removed))
        #expect(oldText == old && newText == new)
    }

    private static func sign(_ edit: TextDiff.Edit) -> String {
        switch edit.kind {
        case .same: "=" + edit.text
        case .removed: "-" + edit.text
        case .added: "+" + edit.text
        }
    }

    private static func text(_ diff: TextDiff, without kind: TextDiff.Edit.Kind) -> String {
        diff.edits.filter { $0.kind != kind }.map(\.text).joined()
    }
}
