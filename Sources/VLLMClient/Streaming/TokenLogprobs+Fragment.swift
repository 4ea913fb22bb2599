import JSON
import ToldTokens

extension TokenLogprobs {
    /// Reads the elements of chat's list in the one spelling in which vLLM (0.4 to 0.32) writes them: no white space, the members in this
    /// order, `bytes` and `top_logprobs` there, and no other member. Stops at the list's closing bracket.
    /// - Returns: `nil` where they are spelled otherwise.
    init?(elements reader: inout JSONFragmentReader) {
        tokens = []
        guard !reader.isNext("]") else { return }
        repeat {
            guard let token = Candidate(members: &reader), reader.skip(",\"top_logprobs\":[") else { return nil }
            var top: [Candidate] = []
            if !reader.isNext("]") {
                top.reserveCapacity(Self.usualTopCount)
                repeat {
                    guard let candidate = Candidate(members: &reader), reader.skip("}") else { return nil }
                    top.append(candidate)
                } while reader.skip(",")
            }
            guard reader.skip("]}") else { return nil }
            tokens.append(Token(told: token.told, logprob: token.logprob, textOffset: nil, top: top))
        } while reader.skip(",")
        guard reader.isNext("]") else { return nil }
    }

    /// How many are asked for most: more than 5 OpenAI did not give for long.
    private static var usualTopCount: Int { 5 }
}

extension TokenLogprobs.Candidate {
    /// Reads the members that tokens and candidates have both: `{"token":"a","logprob":-1.5,"bytes":[97]`.
    fileprivate init?(members reader: inout JSONFragmentReader) {
        guard reader.skip("{\"token\":\""), let token = reader.string(), reader.skip("\",\"logprob\":"), let logprob = reader.number(),
            reader.skip(",\"bytes\":["), let told = ToldToken(token, bytes: &reader), reader.skip("]")
        else { return nil }
        self.init(told, logprob: logprob)
    }
}
