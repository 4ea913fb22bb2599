#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Log-probabilities that nobody computed: the same every time, the sampled token all but certain, its rivals far behind.
struct TokenLogprobs {
    /// A token with its log-probability.
    typealias Entry = (token: Int, logprob: Double)

    /// The sampled token and its likeliest rivals, best first.
    /// - Parameters:
    ///   - place: how many tokens came before it.
    ///   - count: how many entries at most, the sampled one among them.
    static func entries(for token: Int, at place: Int, count: Int, fork: [(token: Int, probability: Double)] = []) -> [Entry] {
        let seed = UInt64(token) &* 1_000_003 &+ UInt64(place)
        let forked = fork.contains { $0.token == token }
        var entries: [Entry] = forked ? fork.map { ($0.token, log($0.probability)) } : [(token, -1e-6 - 4e-4 * Scramble.fraction(seed))]
        entries.sort { $0.logprob > $1.logprob }
        var logprob = -7.5 - 4 * Scramble.fraction(seed &+ 1)
        var draw = seed &+ 2
        while entries.count < count {
            draw &+= 1
            let rival = plainTokens[Int(Scramble.mix(draw) % UInt64(plainTokens.count))]
            guard !entries.contains(where: { $0.token == rival }) else { continue }
            entries.append((rival, logprob))
            logprob -= 0.1 + Scramble.fraction(draw)
        }
        return entries
    }

    /// A token of a prompt with its log-probability, which no sampling made likely, and rank.
    static func prompt(token: Int, at place: Int) -> (logprob: Double, rank: Int) {
        let fraction = Scramble.fraction(UInt64(token) &* 7_919 &+ UInt64(place))
        return (-1 - 11 * fraction, 2 + Int(fraction * 600))
    }

    /// The likeliest token where a prompt has another one.
    static func promptRival(of token: Int, at place: Int) -> Entry {
        entries(for: token, at: place &+ 1_000_000, count: 2).last.map { ($0.token, -0.3 - Scramble.fraction(UInt64(place))) } ?? (token, 0)
    }

    /// Tokens that are whole characters and not special.
    private static let plainTokens: [Int] = (0..<Tokenizer.tiny.vocabularySize).filter { token in
        !Tokenizer.tiny.isSpecial(token) && !Tokenizer.tiny.decode([token]).unicodeScalars.contains("\u{FFFD}")
    }
}
