import Testing

@testable import VLLMSimulator

@Suite("What ends a generation")
struct GenerationTests {
    private func run(_ text: String, _ rules: SampleRules) -> (texts: [String], generation: Generation) {
        let tokens = Tokenizer.tiny.encode(text) + [Tokenizer.endOfTurn]
        var generation = Generation(TinyModel.Output(tokens: tokens, loop: tokens), rules: rules)
        var texts: [String] = []
        while let step = generation.step() { texts.append(step.text) }
        return (texts, generation)
    }

    private func rules(_ change: (inout SampleRules) -> Void) -> SampleRules {
        var rules = SampleRules()
        rules.maxTokens = 100
        change(&rules)
        return rules
    }

    @Test("a stop text that spans tokens is never shown, nor the start of it", arguments: ["Earth, M", "th, Mars", "Venus, Earth"])
    func stopOverTokens(stop: String) throws {
        let text = "Mercury, Venus, Earth, Mars, Jupiter."
        let (texts, generation) = run(text, rules { $0.stops = ["nothing", stop] })
        let end = try #require(text.firstRange(of: stop))
        #expect(texts.joined() == text[..<end.lowerBound])
        guard case .text(stop) = generation.finish?.cause else {
            Issue.record("the stop is not told: \(String(describing: generation.finish))")
            return
        }
    }

    @Test("a text that only begins like a stop is shown to its end")
    func noStop() {
        let (texts, generation) = run("Hello! How are you?", rules { $0.stops = ["you!", "Help"] })
        #expect(texts.joined() == "Hello! How are you?")
        #expect(generation.finish?.reason == .stop)
    }

    @Test("an included stop is the end of the text")
    func includedStop() {
        let (texts, _) = run(
            "Mercury, Venus, Earth",
            rules {
                $0.stops = ["us, E"]; $0.includesStop = true
            })
        #expect(texts.joined() == "Mercury, Venus, E")
    }

    @Test("the limit of tokens holds exactly, also beyond the end of the turn", arguments: [1, 3, 50])
    func limit(count: Int) {
        let (_, generation) = run(
            "1, 2, 3",
            rules {
                $0.maxTokens = count; $0.ignoresEnd = true
            })
        #expect(generation.tokens.count == count)
        #expect(generation.finish?.reason == .length)
    }

    @Test("the end of the turn does not count before the least number of tokens")
    func minimum() {
        let (_, generation) = run("Hi", rules { $0.minTokens = 9 })
        #expect(generation.tokens.count >= 9)
        #expect(generation.finish?.reason == .stop)
    }

    @Test("log-probabilities are plausible: the sampled token all but certain, the others below it, and in sum at most one")
    func logprobs() {
        for token in [3, 205, 441] {
            let entries = TokenLogprobs.entries(for: token, at: 5, count: 20)
            #expect(entries.count == 20)
            #expect(Set(entries.map(\.token)).count == 20)
            #expect(entries[0].token == token)
            #expect(entries.map(\.logprob) == entries.map(\.logprob).sorted(by: >))
            #expect(entries[0].logprob < 0)
            #expect(entries[1].logprob < -7)
        }
    }
}
