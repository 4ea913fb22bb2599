/// How often each of some words came up. Of more than a thousand words the rest is counted together: they come out of logs.
public struct Tally: Sendable, Hashable {
    /// The word under which is counted what has no room.
    public static let others = "(others)"
    private static let maximumCount = 1000

    /// How often each word came up.
    public private(set) var counts: [String: Int] = [:]

    /// Nothing came up.
    public init() {}

    /// The words, the most frequent first.
    public var sorted: [(word: String, count: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// Counts a word.
    public mutating func add(_ word: String) {
        let hasRoom = counts[word] != nil || counts.count < Self.maximumCount
        counts[hasRoom ? word : Self.others, default: 0] += 1
    }
}
