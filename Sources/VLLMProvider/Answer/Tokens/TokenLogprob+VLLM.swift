import JSON
import ProviderKit
import ToldTokens
import VLLMClient

extension TokenLogprob {
    /// A token of an answer of either endpoint.
    /// - Parameters:
    ///   - tokens: those of a part of the answer; a span lends them.
    ///   - id: its id, where the server told it beside.
    ///   - place: its block, and where in it the token starts, where that is known.
    init(_ tokens: borrowing Span<TokenLogprobs.Token>, at index: Int, id: Int?, choice: Int, place: (block: Int, offset: Int)?) {
        let told = tokens[index].told.resolved
        self.init(
            told, logprob: tokens[index].logprob, tokenID: id ?? told.tokenID, topLogprobs: Alternative.resolved(tokens[index].top),
            choice: choice)
        // An id that the token goes by stands beside it like others.
        if told.tokenID != nil { self.told.tokenID = nil }
        blockIndex = place?.block
        textOffset = place?.offset
    }

    /// A token of a prompt.
    /// - Parameters:
    ///   - candidates: what the server tells of its place: the token itself, which comes first (vLLM 0.32), and the likeliest ones.
    ///   - id: the token's id, where it is known.
    init?(_ candidates: [PromptLogprobs.Candidate], id: Int?) {
        guard let own = candidates.first(where: { $0.tokenID == id }) ?? candidates.first else { return nil }
        self.init(
            token: own.text, logprob: own.logprob, bytes: own.bytes, tokenID: own.tokenID, rank: own.rank,
            topLogprobs: candidates.map {
                Alternative(token: $0.text, logprob: $0.logprob, bytes: $0.bytes, tokenID: $0.tokenID, rank: $0.rank)
            })
    }
}

extension TokenLogprob.Alternative {
    /// Alternatives as the provider tells them: nearly always the same list that the client has read.
    fileprivate static func resolved(_ told: [Self]) -> [Self] {
        let alternatives = told.span
        if alternatives.indices.allSatisfy({ alternatives[$0].told.isResolved }) { return told }
        return told.map { Self($0.told.resolved, logprob: $0.logprob) }
    }
}

extension PromptLogprobs.Candidate {
    fileprivate var text: String { decodedToken ?? "\(ToldToken.namePrefix)\(tokenID)" }

    fileprivate var bytes: [UInt8]? { ToldToken(text, .unknown).resolved.bytes }
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
