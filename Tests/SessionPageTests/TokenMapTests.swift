import ProviderKit
import Testing

@testable import SessionPage

@Suite("Tokens in a text")
struct TokenMapTests {
    private func token(_ text: String, at offset: Int?, logprob: Double? = -0.1) -> TokenLogprob {
        var token = TokenLogprob(token: text, logprob: logprob)
        token.textOffset = offset
        return token
    }

    private func parts(_ tokens: [TokenLogprob], _ text: String?) -> [String] {
        TokenMap(tokens, of: text).parts.map { ($0.token == nil ? "-" : "+") + $0.text }
    }

    @Test("tokens stand where they say, in code points, and what is between them is text")
    func places() {
        let tokens = [token("👍🏽", at: 0), token(" ok", at: 2), token("!", at: 9)]
        #expect(parts(tokens, "👍🏽 ok, so!?") == ["+👍🏽", "+ ok", "-, so", "+!", "-?"])
    }

    @Test("a token that is longer than what it left in the text ends where the next one begins, and with the text")
    func longTokens() {
        #expect(parts([token("Hello ", at: 0), token("you\n\n", at: 5)], "Helloyou") == ["+Hello", "+you"])
        #expect(parts([token("", at: 0), token("é", at: 0)], "é") == ["+", "+é"])
    }

    @Test(
        "places that cannot be make a text of the tokens alone",
        arguments: [[3, 0], [0, 99], [nil, 0], [0, -5], [0, Int.max], [Int.max, Int.min]] as [[Int?]])
    func impossible(_ offsets: [Int?]) {
        let tokens = offsets.map { token("ab", at: $0) }
        #expect(parts(tokens, "abab") == ["+ab", "+ab"])
    }

    @Test("what is told of a token begins with it, and its rivals follow")
    func title() {
        var paris = token(" Paris", at: 0, logprob: -0.693147)
        paris.topLogprobs = [
            .init(token: " Paris", logprob: -0.693147), .init(token: "\n", logprob: -1.2), .init(token: "\u{202E}", logprob: -9),
        ]
        #expect(TokenMap.title(paris) == "50.0%\t␣Paris\n30.1%\t⏎\n0.0%\t\\u{202E}")
        #expect(TokenMap.title(token("a", at: 0, logprob: nil)) == "—\ta")
    }

    @Test("probabilities that are none do not matter", arguments: [Double.nan, .infinity, -.infinity, 1e300])
    func hostile(_ logprob: Double) {
        #expect(!TokenMap.title(token("a", at: 0, logprob: logprob)).isEmpty)
    }
}
