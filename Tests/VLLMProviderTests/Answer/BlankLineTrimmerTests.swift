import Testing

@testable import VLLMProvider

@Suite("Blank lines around a block")
struct BlankLineTrimmerTests {
    private func trimmed(_ pieces: [String]) -> String {
        var trimmer = BlankLineTrimmer()
        let shown = pieces.map { trimmer.consume($0) }.joined()
        return shown + trimmer.finish()
    }

    @Test(
        "blank lines at both ends go, indentation, inner blank lines and trailing spaces stay, however the text is cut",
        arguments: [
            ("\n\n4", "4"), ("\n2+2 is 4.\n", "2+2 is 4."), ("  return 1\n", "  return 1"), ("\n \n  a\n\n b \n\n", "  a\n\n b "),
            ("\r\nx\r\n", "x"), (" Paris.", " Paris."), ("\n\n", ""), ("", ""), ("a \t", "a \t"), ("日本\n", "日本"),
        ])
    func trim(text: String, expected: String) {
        #expect(trimmed([text]) == expected)
        #expect(trimmed(text.map(String.init)) == expected)
    }

    @Test("white space alone shows nothing, and memory for it does not grow")
    func onlyBlank() {
        var trimmer = BlankLineTrimmer()
        for _ in 0..<1000 { #expect(trimmer.consume(" \n\n").isEmpty) }
        #expect(trimmer.hasStarted == false)
        #expect(trimmer.finish().isEmpty)
    }
}
