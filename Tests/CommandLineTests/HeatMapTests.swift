import ProviderKit
import Testing
import TokenDisplay

@testable import vllm_host

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite("Tokens and their probabilities")
struct HeatMapTests {
    private static func token(_ text: String, _ probability: Double, _ others: [(String, Double)] = [], choice: Int = 0) -> TokenLogprob {
        let alternatives = ([(text, probability)] + others).map { TokenLogprob.Alternative(token: $0.0, logprob: log($0.1)) }
        return TokenLogprob(token: text, logprob: log(probability), topLogprobs: alternatives, choice: choice)
    }

    private static let tokens = [
        token("It", 0.99), token(" is", 0.98), token(" Paris", 0.413, [(" Lyon", 0.301), ("\n", 0.08)]), token(".\n", 0.85),
        token("Yes", 0.6),
        token(" now", 0.1, [(" then", 0.9)]),
    ]

    /// Colours as `{n:…}`, to be read.
    private static func readable(_ text: String) -> String {
        text.replacing("\u{1B}[38;5;16;48;5;", with: "{").replacing("\u{1B}[0m", with: "}")
    }

    @Test("on a terminal each token is coloured, and doubtful ones are listed with their alternatives")
    func colour() {
        let expected = """
            probability of each token: {157m ≥95% }{193m ≥80% }{229m ≥50% }{216m ≥20% }{203m <20% }
            {157mIt}{151m␣is}{216m␣Paris}{187m.⏎}
            {229mYes}{167m␣now}
            less likely than 50.0%:
              token 3: 41.3% " Paris"  or " Lyon" 30.1%, "\\n" 8.0%
              token 6: 10.0% " now"  or " then" 90.0%

            """
        #expect(Self.readable(HeatMap(Self.tokens, width: 80).text) == expected)
    }

    @Test("lines end at the terminal's width, between tokens")
    func wrapping() {
        let tokens = ["123456789", "日本語", "123456", "x"].map { Self.token($0, 1) }
        let lines = Self.readable(HeatMap(tokens, width: 20).text).split(separator: "\n").dropFirst()
        #expect(lines == ["{157m123456789}{151m日本語}", "{157m123456}{151mx}"])
    }

    @Test("without colour, columns: probability, token, alternatives")
    func columns() {
        let expected = """
            99.0%\t"It"
            98.0%\t" is"
            41.3%\t" Paris"\t" Lyon" 30.1%\t"\\n" 8.0%
            85.0%\t".\\n"
            60.0%\t"Yes"
            10.0%\t" now"\t" then" 90.0%

            """
        #expect(ProbabilityTable(Self.tokens).text == expected)
    }

    @Test("the tokens of several answers stand under headings")
    func severalAnswers() {
        let tokens = [Self.token("a", 1), Self.token("b", 1, choice: 1), Self.token("c", 1)]
        #expect(ProbabilityTable(tokens).text == "answer 1:\n100.0%\t\"a\"\n100.0%\t\"c\"\nanswer 2:\n100.0%\t\"b\"\n")
        let map = Self.readable(HeatMap(tokens, width: 80).text)
        #expect(map.hasSuffix("answer 1:\n{157ma}{151mc}\nanswer 2:\n{157mb}\n"))
    }

    @Test("a token without a probability has none, and one that is no number does not end the program", arguments: [nil, Double.nan, 1e6])
    func oddities(logprob: Double?) {
        let token = TokenLogprob(token: "a", logprob: logprob)
        let percent = logprob == nil ? "-" : logprob == 1e6 ? "100.0%" : "0.0%"
        #expect(ProbabilityTable([token]).text == "\(percent)\t\"a\"\n")
        #expect(HeatMap([token], width: 0).text.contains("a"))
    }

    @Test(
        "tokens that look alike are told apart",
        arguments: [
            (" a", nil, "\" a\"", "␣a"), ("\n", nil, "\"\\n\"", "⏎"), ("\t", nil, "\"\\t\"", "⇥"), ("␣", nil, "\"␣\"", "\\u{2423}"),
            ("\\n", nil, "\"\\\\n\"", "\\\\n"), ("\u{A0}", nil, "\"\\u{00A0}\"", "\\u{00A0}"),
            ("\u{200B}", nil, "\"\\u{200B}\"", "\\u{200B}"),
            ("\u{1B}[2J", nil, "\"\\u{001B}[2J\"", "\\u{001B}[2J"), ("\u{301}", nil, "\"\\u{0301}\"", "\\u{0301}"),
            ("e\u{301}", nil, "\"e\u{301}\"", "e\u{301}"),
            ("\u{FFFD}", [0xE2, 0x98], "\"\\xE2\\x98\"", "\\xE2\\x98"), ("a\u{FFFD}", [0x61, 0x80], "\"a\\x80\"", "a\\x80"),
            ("\u{FFFD}", nil, "\"\\u{FFFD}\"", "\\u{FFFD}"), ("", [], "\"\"", "∅"), ("☀", [0xE2, 0x98, 0x80], "\"☀\"", "☀"),
            ("\"", nil, "\"\\\"\"", "\""),
        ] as [(String, [UInt8]?, String, String)])
    func texts(token: String, bytes: [UInt8]?, quoted: String, marked: String) {
        #expect(TokenText.quoted(token, bytes) == quoted)
        #expect(TokenText.marked(token, bytes) == marked)
    }
}
