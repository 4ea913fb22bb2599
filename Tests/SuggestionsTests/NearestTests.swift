import Testing

@testable import Suggestions

@Suite("The nearest known word")
struct NearestTests {
    @Test(
        "Insertions, deletions, replacements and swaps of neighbours count one each",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("model", "modle", 1), ("model", "modell", 1), ("kitten", "sitting", 3),
            ("ca", "abc", 3),
        ])
    func distance(_ source: String, _ target: String, _ expected: Int) {
        #expect(editDistance(Array(source), Array(target)) == expected)
        #expect(editDistance(Array(target), Array(source)) == expected)
    }

    @Test(
        "A word is suggested only if at most a third of it is wrong; ties go to the first",
        arguments: [
            ("cat", "chat"), ("CHAT", "chat"), ("chot", "chat"), ("embded", "embed"), ("xyz", nil), ("", nil), ("sat", "sit"),
            ("--embed", "embed"), ("EM_bad", "embed"),
        ]
            as [(String, String?)])
    func suggestion(_ word: String, _ expected: String?) {
        #expect(nearest(to: word, among: ["chat", "embed", "sit", "set"]) == expected)
    }

    @Test("a single letter suggests nothing", arguments: ["n", "x", "-n", "_", "N"])
    func singleLetter(_ word: String) {
        #expect(nearest(to: word, among: ["n", "to", "x1"]) == nil)
    }
}
