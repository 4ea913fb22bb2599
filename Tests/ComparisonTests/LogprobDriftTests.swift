import Foundation
import ProviderKit
import Testing

@testable import Comparison

@Suite("How far probabilities are apart")
struct LogprobDriftTests {
    @Test("Equal answers do not drift")
    func same() throws {
        let tokens = [token("a", 0.5, ["a": 0.5, "b": 0.25]), token("b", 0.25, ["a": 0.7, "b": 0.25])]
        let drift = try #require(LogprobDrift(old: tokens, new: tokens))
        #expect(drift.differences == [0, 0])
        #expect(drift.divergences == [0, 0])
        #expect(TokenDivergence(old: tokens, new: tokens) == nil)
    }

    @Test("Tokens are compared up to the place where the answers part, distributions at that place, too")
    func untilDivergence() throws {
        let old = [token("a", 0.5), token("b", 0.6, ["b": 0.6, "c": 0.4]), token("x", 0.9)]
        let new = [token("a", 0.25), token("c", 0.6, ["b": 0.4, "c": 0.6]), token("x", 0.1)]
        let drift = try #require(LogprobDrift(old: old, new: new))
        #expect(drift.differences.map { abs($0 - log(0.5)) < 1e-9 } == [true])
        #expect(drift.divergences.count == 2)
        #expect(abs(drift.divergences[1] - (0.6 * log(1.5) + 0.4 * log(0.4 / 0.6))) < 1e-9)
        let divergence = try #require(TokenDivergence(old: old, new: new))
        #expect(divergence.index == 1)
        #expect(divergence.old?.token == "b" && divergence.new?.token == "c")
        #expect(divergence.old?.logprobOfOther.map { abs($0 - log(0.4)) < 1e-9 } == true)
    }

    @Test("What is not listed counts as one token: the estimate is a lower bound of the divergence")
    func lowerBound() throws {
        let old = ["a": 0.5, "b": 0.3, "c": 0.15, "d": 0.05]
        let new = ["a": 0.4, "b": 0.3, "c": 0.05, "d": 0.25]
        let truth = old.reduce(0) { $0 + $1.value * log($1.value / (new[$1.key] ?? 0)) }
        var last = 0.0
        for names in ["a", "ab", "abc", "abcd"] {
            let told = { (all: [String: Double]) in all.filter { names.contains($0.key) } }
            let drift = try #require(LogprobDrift(old: [token("a", 0.5, told(old))], new: [token("a", 0.4, told(new))]))
            #expect(drift.divergences[0] >= last - 1e-9 && drift.divergences[0] <= truth + 1e-9)
            last = drift.divergences[0]
        }
        #expect(abs(last - truth) < 1e-6)
    }

    @Test("Impossible tokens and nonsense give finite numbers", arguments: [-9999, -Double.infinity, .nan, 12, .infinity])
    func hostile(_ logprob: Double) throws {
        let odd = TokenLogprob(token: "a", logprob: logprob, topLogprobs: [.init(token: "a", logprob: logprob)])
        let drift = try #require(LogprobDrift(old: [token("a", 0.5, ["a": 0.5])], new: [odd]))
        #expect(drift.differences.allSatisfy(\.isFinite) && drift.divergences.allSatisfy { $0.isFinite && $0 >= 0 })
        #expect(drift.absolute?.max.isFinite == true)
    }

    @Test("Answers without tokens tell nothing; one that ends where the other goes on parts from it there")
    func ends() throws {
        #expect(LogprobDrift(old: [], new: [token("a", 1)]) == nil)
        let divergence = try #require(TokenDivergence(old: [token("a", 1)], new: [token("a", 1), token("b", 1)]))
        #expect(divergence.index == 1 && divergence.old == nil && divergence.new?.token == "b")
    }

    @Test("Halves of a character are told apart by their bytes")
    func bytes() {
        let old = TokenLogprob(token: "\u{FFFD}", logprob: 0, bytes: [0xE6]),
            new = TokenLogprob(token: "\u{FFFD}", logprob: 0, bytes: [0xE7])
        #expect(TokenDivergence(old: [old], new: [new])?.index == 0)
    }

    private func token(_ text: String, _ probability: Double, _ alternatives: [String: Double] = [:]) -> TokenLogprob {
        TokenLogprob(
            token: text, logprob: log(probability),
            topLogprobs: alternatives.map { TokenLogprob.Alternative(token: $0.key, logprob: log($0.value)) })
    }
}
