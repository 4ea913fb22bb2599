import JSON

/// The log-probabilities of the prompt's tokens (`prompt_logprobs`).
public struct PromptLogprobs: Sendable, Hashable {
    /// One list for each token of the prompt: the token itself and the likeliest ones; `nil` for the first, which nothing comes before.
    public var positions: [[Candidate]?]

    /// A token at a position.
    public struct Candidate: Sendable, Hashable {
        /// The token's id.
        public var tokenID: Int
        /// The natural logarithm of its probability.
        public var logprob: Double
        /// Its place among all tokens, the likeliest is 1.
        public var rank: Int?
        /// Its text.
        public var decodedToken: String?
    }

    /// Reads a list of objects with token ids as keys; `nil` where there is none.
    init?(_ node: JSONView, key: StaticString) throws(MalformedField) {
        let read = { (node: JSONView) throws(MalformedField) in try Self.candidates(node) }
        guard let positions = try node.list(key, read) else { return nil }
        self.positions = positions
    }

    private static func candidates(_ node: JSONView) throws(MalformedField) -> [Candidate]? {
        if node.isNull { return nil }
        guard node.kind == "object" else { throw MalformedField("", expected: "an object or null", found: node.kind) }
        var candidates: [Candidate] = []
        for (key, value) in node.members {
            guard let id = Int(key) else { throw MalformedField(key, expected: "a token id as key", found: "string") }
            do throws(MalformedField) {
                guard let logprob = try value.double("logprob") else { throw MalformedField(missing: "logprob") }
                candidates.append(
                    Candidate(
                        tokenID: id, logprob: logprob, rank: try value.int("rank"), decodedToken: try value.string("decoded_token")))
            } catch { throw error.inside(key) }
        }
        return candidates
    }
}
