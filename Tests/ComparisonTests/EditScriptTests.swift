import TestSupport
import Testing

@testable import Comparison

@Suite("The fewest changes between two sequences")
struct EditScriptTests {
    @Test("As few elements change as the longest common subsequence leaves, and what stays is the same on both sides", arguments: 0..<40)
    func isShortest(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        for _ in 0..<25 {
            let letters = Int32.random(in: 1...5, using: &random)
            let old = (0..<Int.random(in: 0...14, using: &random)).map { _ in Int32.random(in: 0...letters, using: &random) }
            let new = (0..<Int.random(in: 0...14, using: &random)).map { _ in Int32.random(in: 0...letters, using: &random) }
            let script = EditScript(from: old, to: new)
            let kept = zip(old, script.isRemoved).filter { !$1 }.map(\.0)
            let found = zip(new, script.isAdded).filter { !$1 }.map(\.0)
            #expect(kept == found)
            #expect(kept.count == longestCommonSubsequence(old, new), "\(old) \(new)")
            #expect(!script.isApproximate)
        }
    }

    @Test("A search that takes too long is given up: what it did not get to is replaced, what is equal at both ends stays")
    func budget() {
        let old = [7] + (0..<500).map { Int32($0 % 17) } + [9]
        let new = [7] + (0..<500).map { Int32($0 * $0 % 19 + 3) } + [9]
        let script = EditScript(from: old, to: new, budget: 2000)
        #expect(script.isApproximate)
        #expect(zip(old, script.isRemoved).filter { !$1 }.map(\.0) == zip(new, script.isAdded).filter { !$1 }.map(\.0))
        #expect(script.isRemoved.first == false && script.isRemoved.last == false)
    }

    private func longestCommonSubsequence(_ old: [Int32], _ new: [Int32]) -> Int {
        var row = Array(repeating: 0, count: new.count + 1)
        for element in old {
            var diagonal = 0
            for (index, other) in new.enumerated() {
                let above = row[index + 1]
                row[index + 1] = element == other ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[new.count]
    }
}
