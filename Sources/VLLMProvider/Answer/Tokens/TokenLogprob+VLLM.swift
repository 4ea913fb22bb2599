import JSON
import ProviderKit
import VLLMClient

extension TokenLogprob {
    /// A token of an answer of either endpoint.
    /// - Parameter id: its id, where the server told it beside.
    init(_ token: TokenLogprobs.Token, id: Int?, choice: Int) {
        self.init(
            token: token.token, logprob: token.logprob, bytes: TokenBytes.known(token.token, told: token.bytes),
            tokenID: id ?? TokenBytes.id(token.token),
            topLogprobs: token.top.map { top in
                Alternative(
                    token: top.token, logprob: top.logprob, bytes: TokenBytes.known(top.token, told: top.bytes),
                    tokenID: TokenBytes.id(top.token))
            },
            choice: choice)
    }

    /// A token of a prompt.
    /// - Parameters:
    ///   - candidates: what the server tells of its place: the token itself, which comes first (vLLM 0.32), and the likeliest ones.
    ///   - id: the token's id, where it is known.
    init?(_ candidates: [PromptLogprobs.Candidate], id: Int?) {
        guard let own = candidates.first(where: { $0.tokenID == id }) ?? candidates.first else { return nil }
        let alternatives = candidates.map { candidate in
            Alternative(
                token: candidate.text, logprob: candidate.logprob, bytes: TokenBytes.known(candidate.text, told: nil),
                tokenID: candidate.tokenID, rank: candidate.rank)
        }
        self.init(
            token: own.text, logprob: own.logprob, bytes: TokenBytes.known(own.text, told: nil), tokenID: own.tokenID, rank: own.rank,
            topLogprobs: alternatives)
    }
}

extension PromptLogprobs.Candidate {
    fileprivate var text: String { decodedToken ?? "\(TokenBytes.namePrefix)\(tokenID)" }
}

extension PromptTokens {
    /// What a server tells of a prompt's tokens; `nil` where that is nothing.
    init?(ids: [Int]?, logprobs: PromptLogprobs?) {
        if ids == nil && logprobs == nil { return nil }
        let positions = logprobs?.positions ?? []
        self.init(
            ids: ids,
            logprobs: logprobs.map { _ in
                positions.enumerated().map { index, candidates in
                    candidates.flatMap { TokenLogprob($0, id: ids?.count == positions.count ? ids?[index] : nil) }
                }
            })
    }
}
