import JSON
import ProviderKit
import VLLMClient

extension TokenLogprob {
    /// A token of an answer of either endpoint.
    /// - Parameters:
    ///   - tokens: those of a part of the answer; a span lends them.
    ///   - bytes: the token's.
    ///   - id: its id, where the server told it beside.
    ///   - place: its block, and where in it the token starts, where that is known.
    init(
        _ tokens: borrowing Span<TokenLogprobs.Token>, at index: Int, _ bytes: TokenBytes, id: Int?, choice: Int,
        place: (block: Int, offset: Int)?
    ) {
        let top = tokens[index].top.span
        var alternatives: [Alternative] = []
        alternatives.reserveCapacity(top.count)
        for place in top.indices {
            let bytes = TokenBytes(top[place].token, told: top[place].bytes)
            alternatives.append(Alternative(token: top[place].token, logprob: top[place].logprob, bytes: bytes.known, tokenID: bytes.id))
        }
        self.init(
            token: tokens[index].token, logprob: tokens[index].logprob, bytes: bytes.known, tokenID: id ?? bytes.id,
            topLogprobs: alternatives, choice: choice)
        blockIndex = place?.block
        textOffset = place?.offset
    }

    /// A token of a prompt.
    /// - Parameters:
    ///   - candidates: what the server tells of its place: the token itself, which comes first (vLLM 0.32), and the likeliest ones.
    ///   - id: the token's id, where it is known.
    init?(_ candidates: [PromptLogprobs.Candidate], id: Int?) {
        guard let own = candidates.first(where: { $0.tokenID == id }) ?? candidates.first else { return nil }
        let alternatives = candidates.map { candidate in
            Alternative(
                token: candidate.text, logprob: candidate.logprob, bytes: TokenBytes(candidate.text, told: nil).known,
                tokenID: candidate.tokenID, rank: candidate.rank)
        }
        self.init(
            token: own.text, logprob: own.logprob, bytes: TokenBytes(own.text, told: nil).known, tokenID: own.tokenID, rank: own.rank,
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
